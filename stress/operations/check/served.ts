import type { History, Operation } from '../history.ts'
import { isEnd, isUnknownConsent, lastEffectOf } from './outcomes.ts'
import { createVerdict, groupBy, type Verdict } from './verdict.ts'

/** Other processes notice a revocation within 30 s. They have 3 s more to read the store. */
const seenWithinMs = 30_000 + 3_000

/**
 * Rule 1: an operation that begins after an acknowledged revoke() or forget() gets no token. In
 * another process it may still get one for 30 s. After a consent that may be newer, every operation
 * may get a token.
 */
export const checkServed = (history: History): Verdict => {
  const { judge, verdict } = createVerdict(1)
  for (const operations of groupBy(history.operations, ({ connection }) => connection).values()) {
    const ends = operations.filter((one) => isEnd(one) && one.outcome === 'ok')
    const consents = operations.filter(
      ({ verb, outcome }) => verb === 'consent' && outcome !== 'killed-before',
    )
    for (const served of operations) {
      if (!isServed(served)) continue
      const end = ends.findLast((one) => {
        const allowedMs = one.process === served.process ? 0 : seenWithinMs
        return (
          served.begin > one.end + allowedMs &&
          !consents.some((consent) => mayBeBetween(consent, one, served))
        )
      })
      const excused = end && end.process !== served.process && couldNotRead(history, served)
      judge(end && !excused ? violationOf(served, end) : undefined)
    }
  }
  return verdict()
}

const isServed = ({ verb, accessToken, outcome }: Operation): boolean =>
  accessToken !== undefined &&
  (outcome === 'ok' || (verb === 'fetch' && outcome.startsWith('http-')))

/** True if a consent may have succeeded after the revoke() or forget(). */
const mayBeBetween = (consent: Operation, end: Operation, served: Operation): boolean =>
  (consent.outcome === 'ok' || isUnknownConsent(consent)) &&
  lastEffectOf(consent) > end.begin &&
  consent.begin < served.end

/** True if a store read failed shortly before, so that the process served from its cache. */
const couldNotRead = ({ storeFailures }: History, { process, begin, end }: Operation): boolean =>
  storeFailures.some(
    (one) =>
      one.process === process &&
      one.doing === 'read' &&
      one.at > begin - seenWithinMs &&
      one.at <= end,
  )

const violationOf = (served: Operation, end: Operation) => {
  const where = served.process === end.process ? 'the same process' : 'another process'
  const after = Math.round(served.begin - end.end)
  return {
    text:
      `#${served.number} ${served.verb}() got token ${served.accessToken}. ` +
      `It began ${after} ms after ${end.verb}() #${end.number} was acknowledged in ${where}, ` +
      'without a consent in between.',
    at: served.end,
    connection: served.connection as string,
    operations: [end.number, served.number],
  }
}
