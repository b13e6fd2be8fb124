import { timeBudget, type Attempt, type ConnectionRecord, type CoolDown, type EpochMs } from '../domain/index.ts'
import { failed, remembered } from './consent.ts'
import { refuse, type Effect } from './effects.ts'
import { coolDownOf } from './governor.ts'

/**
 * What was left undone is taken up. An exchange that has not ended in its time died with its process, and may have left
 * a refresh token that nobody has: it is counted. Should its process wake up after all, its grant is still stored. A
 * revocation is carried on by whoever claims it: not while Zoho is not to be asked again yet, and not while a code is
 * being exchanged, because that consent is newer, and revoking could end its grant with the old one's.
 */
export const resumed = (record: ConnectionRecord, _event: unknown, now: EpochMs): [ConnectionRecord, readonly Effect[]] => {
  const attempts = remembered(record.attempts, now).map((one) => (isDead(one, now) ? { ...one, outcome: 'lost' as const } : one))
  const deaths = record.attempts.filter((one) => isDead(one, now)).length
  const isSame = attempts.length === record.attempts.length && deaths === 0
  const next = isSame ? record : { ...record, attempts, ...(deaths > 0 && { refreshTokens: (record.refreshTokens ?? 0) + deaths }) }
  const effects: Effect[] = deaths > 0 ? [failed('exchange-outcome-unknown')] : []
  if (record.status !== 'revoking' || !record.tokens || attempts.some(({ outcome }) => !outcome)) return [next, effects]
  const waits = coolDownOf(record, now)
  if (waits) return [next, [refuse('revocation-failed', waits.until), ...effects]]
  const claim: CoolDown = { code: 'revocation-failed', failures: record.coolDown?.failures ?? 0, until: now + timeBudget.leaseMs }
  return [{ ...next, coolDown: claim }, [{ type: 'callRevocationEndpoint', tokens: record.tokens }, ...effects]]
}

/** One that began so far in the future did so by a clock that jumped. */
const isDead = ({ at, outcome }: Attempt, now: EpochMs): boolean => !outcome && Math.abs(now - at) > timeBudget.exchangeMs
