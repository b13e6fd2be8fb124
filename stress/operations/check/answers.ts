import type { History, Operation, Verb } from '../history.ts'
import { createVerdict, type Verdict, type Violation } from './verdict.ts'

/** What a caller waits at most. A call of the API asks for a token once more after a 401. */
const longestMs: Readonly<Record<Verb, number>> = {
  accessToken: 18_000,
  refresh: 18_000 * 2,
  fetch: 18_000 * 3,
  fetchRefused: 18_000 * 3,
  revoke: 18_000,
  forget: 18_000,
  consent: 24_000,
  recover: 120_000,
  reencrypt: 120_000,
}

/** The processors of a test machine do other work, too. */
const busyMs = 12_000

/**
 * Nothing of the configuration, the rows or the callbacks is wrong, and no user takes a consent
 * back at Zoho.
 */
const unfit = new Set([
  'configuration-invalid',
  'argument-invalid',
  'method-not-allowed',
  'already-connected',
  'key-unknown',
  'record-unreadable',
  'client-rejected',
  'client-secret-rejected',
  'redirect-uri-rejected',
  'data-center-unknown',
  'data-center-mismatch',
  'callback-malformed',
  'callback-unbound',
  'callback-expired',
  'callback-replayed',
  'principal-mismatch',
  'principal-missing',
  'consent-refused',
  'account-switched',
  'scope-missing',
  'refresh-token-missing',
  'cross-site-request',
  'redirect-refused',
  'needs-consent',
])

/**
 * Rule 7: every caller gets an answer in its time, and every error is one of the library's that
 * fits.
 */
export const checkAnswers = ({ operations }: History): Verdict => {
  const { judge, verdict } = createVerdict(7)
  for (const operation of operations) judge(lateness(operation) ?? misfit(operation))
  return verdict()
}

const lateness = (operation: Operation): Violation | undefined => {
  const { verb, begin, end, stoppedMs } = operation
  const took = end - begin - stoppedMs
  return took > longestMs[verb] + busyMs
    ? violation(operation, `took ${Math.round(took)} ms`)
    : undefined
}

const misfit = (operation: Operation): Violation | undefined => {
  const { outcome } = operation
  const codes = outcome
    .replace(/^failed: /, '')
    .split(', ')
    .map((one) => one.split(' ').at(-1) ?? '')
  const isWrong = outcome.startsWith('foreign: ') || codes.some((code) => unfit.has(code))
  return isWrong ? violation(operation, `ended with ${outcome}`) : undefined
}

const violation = (operation: Operation, what: string): Violation => ({
  text: `#${operation.number} ${operation.verb}() ${what}.`,
  at: operation.end,
  ...(operation.connection !== undefined && { connection: operation.connection }),
  operations: [operation.number],
})
