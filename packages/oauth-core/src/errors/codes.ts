/**
 * Who has to act: the app's code, its configuration, the person at the browser, Zoho, the network,
 * or the app's store.
 */
export type Fault = 'app' | 'configuration' | 'user' | 'zoho' | 'network' | 'store'

/**
 * What the caller should do: call again (not before `retryAt`, if given), send the user to consent,
 * mend the configuration, or report it.
 */
export type Remedy = 'retry' | 'ask-consent' | 'fix-configuration' | 'report'

interface Entry {
  readonly fault: Fault
  readonly remedy: Remedy
  /** What happened, when the thrower has nothing more exact to say. */
  readonly what: string
  /** What to do about it. */
  readonly cure: string
  /** HTTP status with which the routes answer. */
  readonly status: number
}

type Sentences = readonly [what: string, cure?: string | undefined, status?: number]

/**
 * Codes of one fault, one remedy and one status: what happened, and what differs from the group:
 * what to do about it, and the status.
 */
const group = <Code extends string>(
  fault: Fault,
  remedy: Remedy,
  groupStatus: number,
  groupCure: string,
  sentences: Readonly<Record<Code, Sentences>>,
) =>
  Object.fromEntries(
    Object.entries<Sentences>(sentences).map(
      ([code, [what, cure = groupCure, status = groupStatus]]) => [
        code,
        { fault, remedy, what, cure, status },
      ],
    ),
  ) as Readonly<Record<Code, Entry>>

/**
 * Every error this library throws. A code is public API: it is added to, never renamed.
 * `docs/errors` has a page for each.
 */
export const errorTable = {
  ...group('configuration', 'fix-configuration', 500, 'Correct it.', {
    'configuration-invalid': ['An option is wrong.'],
    'client-rejected': [
      'Zoho does not know this client id at this data center (invalid_client).',
      "Enable the data center in the client's Settings in Zoho's API console.",
    ],
    'client-secret-rejected': [
      'Zoho refused the client secret (invalid_client_secret).',
      "Give `clientSecret` this data center's own, from Zoho's API console.",
    ],
    'redirect-uri-rejected': [
      'Zoho refused the redirect URI (invalid_redirect_uri).',
      "Register `redirectUri` in Zoho's API console, character for character.",
    ],
    'data-center-unknown': [
      'The data center is not configured.',
      'Add it to `dataCenters`, and its secret to `clientSecret`.',
    ],
    'key-unknown': [
      'The record needs a key that `encryptionKeys` lacks.',
      'Put it back, behind the current one, or forget the connection.',
    ],
  }),
  ...group('app', 'report', 500, 'Correct it.', {
    'argument-invalid': ['An argument is wrong.', undefined, 400],
    'method-not-allowed': [
      'This route does not answer to that method.',
      'Use one in the Allow header.',
      405,
    ],
    'already-connected': ['The connection has a consent already.', 'Revoke or forget it first.'],
  }),
  ...group('app', 'retry', 503, 'Call again at `retryAt`.', {
    'refresh-budget-spent': ['The budget for token requests is spent, before Zoho locks out.'],
  }),
  ...group('user', 'ask-consent', 400, 'Start again from /connect.', {
    'callback-malformed': ['The callback has repeated, missing or strange parameters.'],
    'callback-unbound': [
      'This browser did not begin this authorization request, or lost its cookie.',
    ],
    'callback-expired': ['The authorization request is older than ten minutes.'],
    'callback-replayed': ['This callback was used already.'],
    'principal-mismatch': [
      'Another user or connection began this authorization request.',
      undefined,
      403,
    ],
    'data-center-mismatch': ["The callback's location and accounts-server differ."],
    'consent-refused': ['Consent was refused at Zoho (access_denied).'],
    'account-switched': [
      'Another Zoho account was connected before.',
      'Connect that one, or disconnect first.',
    ],
    'scope-missing': [
      'A needed scope was not granted.',
      'Add it to `scopes`, then send the user to /connect.',
      403,
    ],
  }),
  ...group('user', 'retry', 429, 'Wait ten minutes, then start again from /connect.', {
    'attempts-exhausted': ['There were too many attempts to connect within ten minutes.'],
  }),
  ...group('user', 'ask-consent', 401, 'Send the user to /connect.', {
    'not-connected': ['This connection has no consent.'],
    'needs-consent': ['Zoho refused the refresh token: revoked, or pushed out by a twenty-first.'],
    'connection-revoked': ['This connection was revoked.'],
  }),
  ...group('user', 'report', 401, 'Sign in to the app first.', {
    'principal-missing': ['Nobody is signed in.'],
    'cross-site-request': [
      'Another site sent this request.',
      "Send it from the app's own pages.",
      403,
    ],
  }),
  ...group('zoho', 'ask-consent', 502, 'Start again from /connect.', {
    'consent-failed': ['Zoho ended the authorization request with an error.'],
    'code-rejected': [
      'Zoho refused the code: expired, used, or of another data center (invalid_code).',
    ],
    'refresh-token-missing': ['Zoho granted access without a refresh token.'],
    'account-unread': ['Zoho did not say which account this is, and one was connected before.'],
  }),
  ...group('zoho', 'retry', 502, 'Call again later.', {
    throttled: [
      'Zoho is throttling this refresh token (Access Denied).',
      'Call again at `retryAt`: earlier calls prolong it.',
      503,
    ],
    'codes-exhausted': [
      'Zoho gives a client ten codes in ten minutes: they are used up.',
      'Connect at `retryAt`.',
      503,
    ],
    'accounts-server-error': ['The accounts server answered with an unknown error.'],
    'accounts-server-unavailable': ['The accounts server is failing (5xx).'],
    'answer-malformed': [
      "The answer is not one of Zoho's.",
      'Call again, and look for a proxy in between.',
    ],
    'revocation-failed': [
      'Cut off here, but Zoho did not confirm the revocation.',
      'Call `revoke()` again later.',
    ],
  }),
  ...group('network', 'ask-consent', 502, 'Start again from /connect.', {
    'exchange-outcome-unknown': [
      'The answer to the code exchange was lost; a code is not sent twice.',
    ],
  }),
  ...group('network', 'retry', 502, 'Check DNS, proxy and firewall.', {
    'accounts-server-unreachable': ['The accounts server could not be reached.'],
    'recruit-unreachable': ['The Recruit API could not be reached.'],
    'accounts-server-timed-out': [
      'The accounts server did not answer in time.',
      'Call again later.',
      504,
    ],
    'refresh-timed-out': ['The refresh did not finish in time.', 'Call again.'],
  }),
  ...group('network', 'report', 502, 'Look for a proxy in between.', {
    'redirect-refused': ['The server answered with a redirect, which is not followed.'],
  }),
  ...group('store', 'ask-consent', 503, 'Repair the store, then start again from /connect.', {
    'grant-not-stored': ['Zoho granted access, but the store did not take it.'],
    'grant-outcome-unknown': [
      'Zoho granted access, but it is not certain that the app could store it.',
      'Wait a minute. If the connection does not work by then, start again from /connect.',
    ],
  }),
  ...group('store', 'retry', 503, 'See that it is up, then call again.', {
    'store-unavailable': ['The store did not answer.'],
    'store-contended': ['Others kept changing this record.', 'Call again.'],
  }),
  ...group('store', 'report', 503, 'Restore it, or forget the connection.', {
    'record-unreadable': ['The stored record was altered, or moved from another connection.'],
  }),
}

export type ErrorCode = keyof typeof errorTable

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorTable, code)
