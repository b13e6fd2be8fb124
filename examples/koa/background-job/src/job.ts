import { isRecruitOAuthError, type Remedy } from '@zrecruit/oauth-koa'
import { setTimeout } from 'node:timers/promises'
import { customers, hold, type Customer } from './archive.ts'
import { copyCandidates, RecruitRefused } from './copy-candidates.ts'
import { zoho } from './zoho.ts'

const once = process.argv.includes('--once')
const everyMs = Number(process.env['JOB_SECONDS'] ?? 60) * 1_000

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort())

/** One customer. Whatever goes wrong with one is written down, and the next one's turn comes. */
const visit = async ({ id, name, remedy }: Customer): Promise<void> => {
  try {
    // The app's list says who may be connected, the connection whether they are.
    const { status } = await zoho.connection(id).status()
    if (status !== 'active' && status !== 'needs-consent') return
    const count = await copyCandidates(id, stopping.signal)
    console.log(
      count === undefined
        ? `${name}: stopped between two pages.`
        : `${name}: copied ${count} candidates.`,
    )
  } catch (error) {
    const now = setBack(id, error)
    // A customer who has to consent again is told of once; a real app would write to them here.
    if (remedy !== 'ask-consent' || now !== remedy)
      console.error(`${name}:`, error instanceof Error ? error.message : error)
  }
}

/** The remedy says what a job does about an error; the code and the message are for people. */
const setBack = (id: string, error: unknown): Remedy => {
  const { remedy, retryAt = 0 } = told(error)
  switch (remedy) {
    // By itself, in a later round, and not before Zoho or the budget would have it. `retryAt` is in
    // the store's time: SQLite's clock is this machine's.
    case 'retry':
      hold(id, remedy, retryAt)
      break
    // Only the customer can help: their page asks them to. Trying again costs no call until they
    // did.
    case 'ask-consent':
      hold(id, remedy, 0)
      break
    case 'fix-configuration': // Only we can: the log says what, and `--once` ends with 1.
    case 'report':
      hold(id, remedy, 0)
      if (once) process.exitCode = 1
  }
  return remedy
}

const told = (
  error: unknown,
): { readonly remedy: Remedy; readonly retryAt?: number | undefined } => {
  if (isRecruitOAuthError(error) || error instanceof RecruitRefused) return error
  return {
    remedy: error instanceof DOMException && error.name === 'TimeoutError' ? 'retry' : 'report',
  }
}

/**
 * What processes that died left undone: revocations that Zoho has not confirmed, consents that
 * never ended.
 */
const takeUp = () =>
  zoho
    .recover()
    .catch((error: unknown) =>
      console.error('What is unfinished:', error instanceof Error ? error.message : error),
    )

do {
  for (const customer of customers()) {
    if (stopping.signal.aborted) break
    if (customer.notBefore <= Date.now()) await visit(customer)
  }
  if (!stopping.signal.aborted) await takeUp()
  if (!once) await setTimeout(everyMs, undefined, { signal: stopping.signal }).catch(() => {})
} while (!once && !stopping.signal.aborted)
