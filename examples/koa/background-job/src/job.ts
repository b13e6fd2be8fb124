import { isRecruitOAuthError, type Remedy } from '@zrecruit/oauth-koa'
import { setTimeout } from 'node:timers/promises'
import { allCustomers, storeRemedy, type Customer } from './archive.ts'
import { copyCandidates, RecruitRefused } from './copy-candidates.ts'
import { zoho } from './zoho.ts'

const runsOnce = process.argv.includes('--once')
const everyMs = Number(process.env['JOB_SECONDS'] ?? 60) * 1_000

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort())

/** Copies one customer. It logs errors, so that the round continues with the next customer. */
const copyCustomer = async ({ id, name, remedy }: Customer): Promise<void> => {
  try {
    // The table lists customers that may have a connection; the connection's status says whether
    // they have one.
    const { status } = await zoho.connection(id).status()
    if (status !== 'active' && status !== 'needs-consent') return
    const count = await copyCandidates(id, stopping.signal)
    console.log(
      count === undefined
        ? `${name}: stopped between two pages.`
        : `${name}: copied ${count} candidates.`,
    )
  } catch (error) {
    const newRemedy = postpone(id, error)
    // Log once that a customer has to consent again. A real app would send a message here.
    const isAlreadyLogged = remedy === 'ask-consent' && newRemedy === 'ask-consent'
    if (!isAlreadyLogged) console.error(`${name}:`, error instanceof Error ? error.message : error)
  }
}

/** Decides by the error's remedy when to try again. Only the log needs the code and the message. */
const postpone = (id: string, error: unknown): Remedy => {
  const { remedy, retryAt = 0 } = remedyOf(error)
  switch (remedy) {
    // A later round tries again, but not before `retryAt`, when Zoho and the budget allow it.
    // `retryAt` is an instant of the store's clock. SQLite uses the clock of this machine.
    case 'retry':
      storeRemedy(id, remedy, retryAt)
      break
    // Only the customer can consent again, and the page asks for it. Until then, another attempt
    // sends no request to Zoho.
    case 'ask-consent':
      storeRemedy(id, remedy, 0)
      break
    case 'fix-configuration': // Needs the operator: see the log. `--once` exits with 1.
    case 'report':
      storeRemedy(id, remedy, 0)
      if (runsOnce) process.exitCode = 1
  }
  return remedy
}

const remedyOf = (
  error: unknown,
): { readonly remedy: Remedy; readonly retryAt?: number | undefined } => {
  if (isRecruitOAuthError(error) || error instanceof RecruitRefused) return error
  return {
    remedy: error instanceof DOMException && error.name === 'TimeoutError' ? 'retry' : 'report',
  }
}

/**
 * Finishes the work of processes that died: revocations that Zoho has not confirmed, and incomplete
 * consents.
 */
const finishInterruptedWork = () =>
  zoho
    .recover()
    .catch((error: unknown) =>
      console.error('Unfinished work:', error instanceof Error ? error.message : error),
    )

do {
  for (const customer of allCustomers()) {
    if (stopping.signal.aborted) break
    if (customer.notBefore <= Date.now()) await copyCustomer(customer)
  }
  if (!stopping.signal.aborted) await finishInterruptedWork()
  if (!runsOnce) await setTimeout(everyMs, undefined, { signal: stopping.signal }).catch(() => {})
} while (!runsOnce && !stopping.signal.aborted)
