import type { History, Operation, Verb } from '../history.ts'
import { createVerdict, type Verdict, type Violation } from './verdict.ts'

/** The maximum duration of each operation. An API call requests another token after a 401. */
const maxMs: Readonly<Record<Verb, number>> = {
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

/** Allowance for other work on the test machine. */
const slackMs = 12_000

/**
 * Codes that must not occur: configuration, rows and callbacks are correct, and no user revokes a
 * consent at Zoho.
 */
const impossibleCodes = new Set([
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

/** Rule 7: every caller gets a response in time, and every error has a plausible code. */
export const checkResponses = ({ operations }: History): Verdict => {
  const { judge, verdict } = createVerdict(7)
  for (const operation of operations) judge(latenessOf(operation) ?? wrongOutcomeOf(operation))
  return verdict()
}

const latenessOf = (operation: Operation): Violation | undefined => {
  const { verb, begin, end, stoppedMs } = operation
  const took = end - begin - stoppedMs
  return took > maxMs[verb] + slackMs
    ? violation(operation, `took ${Math.round(took)} ms`)
    : undefined
}

const wrongOutcomeOf = (operation: Operation): Violation | undefined => {
  const { outcome } = operation
  const codes = outcome
    .replace(/^failed: /, '')
    .split(', ')
    .map((part) => part.split(' ').at(-1) ?? '')
  const isWrong = outcome.startsWith('foreign: ') || codes.some((code) => impossibleCodes.has(code))
  return isWrong ? violation(operation, `ended with ${outcome}`) : undefined
}

const violation = (operation: Operation, what: string): Violation => ({
  text: `#${operation.number} ${operation.verb}() ${what}.`,
  at: operation.end,
  ...(operation.connection !== undefined && { connection: operation.connection }),
  operations: [operation.number],
})
