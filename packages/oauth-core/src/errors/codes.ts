/** Who has to act: the app's code, its configuration, the person at the browser, Zoho, the network, or the app's store. */
export type Fault = 'app' | 'configuration' | 'user' | 'zoho' | 'network' | 'store'

/** What the caller should do: call again (not before `retryAt`, if given), send the user to consent, mend the configuration, or report it. */
export type Remedy = 'retry' | 'ask-consent' | 'fix-configuration' | 'report'

interface Entry {
  readonly fault: Fault
  readonly remedy: Remedy
  /** What happened, when the thrower has nothing more exact to say. */
  readonly what: string
  /** What to do about it. */
  readonly cure: string
}

/** Codes of one fault and one remedy: what happened, and what to do about it where that is not the group's cure. */
const group = <Code extends string>(fault: Fault, remedy: Remedy, cure: string, sentences: Readonly<Record<Code, readonly [what: string, cure?: string]>>) =>
  Object.fromEntries(Object.entries<readonly [string, string?]>(sentences).map(([code, [what, own = cure]]) => [code, { fault, remedy, what, cure: own }])) as Readonly<Record<Code, Entry>>

/** Every error this library throws. A code is public API: it is added to, never renamed. */
export const errorTable = {
  ...group('configuration', 'fix-configuration', 'Correct it.', {
    'configuration-invalid': ['An option is wrong.'],
    'client-rejected': ['Zoho does not know this client id at this data center (invalid_client).', "In Zoho's API console, in the client's Settings, enable the data center."],
    'client-secret-rejected': ['Zoho refused the client secret (invalid_client_secret).', "Copy this data center's own secret from Zoho's API console into `clientSecret`."],
    'redirect-uri-rejected': ['Zoho refused the redirect URI (invalid_redirect_uri).', "Register `redirectUri` in Zoho's API console, character for character."],
    'data-center-unknown': ['The data center is not configured.', 'Add it to `dataCenters`, and its secret to `clientSecret`.'],
    'key-unknown': ['The record is sealed with a key that `encryptionKeys` lacks.', 'Put that key back, behind the current one, or forget the connection.'],
  }),
  ...group('app', 'report', 'Correct it.', {
    'argument-invalid': ['An argument is wrong.'],
    'method-not-allowed': ['This route does not answer to that method.', 'Use the one in the Allow header.'],
    'already-connected': ['The connection has a consent already.', 'Revoke or forget it first.'],
  }),
  ...group('app', 'retry', 'Call again at `retryAt`.', {
    'refresh-budget-spent': ['The budget for token requests is spent, before Zoho locks out.'],
  }),
  ...group('user', 'ask-consent', 'Start again from /connect.', {
    'callback-malformed': ['The callback is not one that Zoho sends: repeated, missing, oversized or strange parameters.'],
    'callback-unbound': ['This browser did not begin this authorization request, or its cookie is gone.'],
    'callback-expired': ['The authorization request is older than ten minutes.'],
    'callback-replayed': ['This callback was used already.'],
    'principal-mismatch': ['Another user or connection is signed in than when consent began.'],
    'data-center-mismatch': ["The callback's location and accounts-server differ."],
    'consent-refused': ['Consent was refused at Zoho, or Zoho gave more than ten codes in ten minutes (access_denied).'],
    'account-switched': ['Another Zoho account was connected before.', 'Connect the same account, or disconnect first.'],
    'scope-missing': ['A scope that is needed was not granted.', 'Add it to `scopes`, then send the user to /connect.'],
    'not-connected': ['This connection has no consent.', 'Send the user to /connect.'],
    'needs-consent': ['Zoho no longer accepts the refresh token: revoked, or pushed out by a twenty-first consent.', 'Send the user to /connect.'],
    'connection-revoked': ['This connection was revoked.', 'Send the user to /connect.'],
  }),
  ...group('user', 'report', 'Sign in to the app first.', {
    'principal-missing': ['Nobody is signed in.'],
    'cross-site-request': ['Another site sent this request.', "Send it from the app's own pages."],
  }),
  ...group('zoho', 'ask-consent', 'Start again from /connect.', {
    'consent-failed': ['Zoho ended the authorization request with an error.'],
    'code-rejected': ['Zoho refused the authorization code: expired, used, or of another data center (invalid_code).'],
    'refresh-token-missing': ['Zoho granted access without a refresh token.'],
  }),
  ...group('zoho', 'retry', 'Call again later.', {
    'access-token-rejected': ['The Recruit API refused two access tokens within a minute.', 'Check that the Zoho user may use the API.'],
    throttled: ['Zoho is throttling this refresh token (Access Denied).', 'Call again at `retryAt`: earlier calls prolong it.'],
    'accounts-server-error': ['The accounts server answered with an unknown error.'],
    'accounts-server-unavailable': ['The accounts server is failing (5xx).'],
    'answer-malformed': ["The answer is not one of Zoho's.", 'Call again; if it lasts, look for a proxy in between.'],
    'revocation-failed': ['Cut off here, but Zoho did not confirm the revocation.', 'Call `revoke()` again later.'],
  }),
  ...group('network', 'ask-consent', 'Start again from /connect.', {
    'exchange-outcome-unknown': ['The answer to the code exchange was lost; a code is not sent twice.'],
  }),
  ...group('network', 'retry', 'Check DNS, proxy and firewall.', {
    'accounts-server-unreachable': ['The accounts server could not be reached.'],
    'recruit-unreachable': ['The Recruit API could not be reached.'],
    'accounts-server-timed-out': ['The accounts server did not answer in time.', 'Call again later.'],
    'refresh-timed-out': ['The refresh did not finish in time.', 'Call again.'],
  }),
  ...group('network', 'report', 'Look for a proxy in between.', {
    'redirect-refused': ['The server answered with a redirect, which is not followed with a secret.'],
  }),
  ...group('store', 'ask-consent', 'Mend the store, then start again from /connect.', {
    'grant-not-stored': ['Zoho granted access, but the store could not keep it.'],
  }),
  ...group('store', 'retry', 'See that it is up, then call again.', {
    'store-unavailable': ['The store did not answer.'],
    'store-contended': ['Other writers kept changing this record.', 'Call again.'],
  }),
  ...group('store', 'report', 'Restore it, or forget the connection.', {
    'record-unreadable': ['The stored record was altered, or moved from another client, connection or data center.'],
  }),
}

export type ErrorCode = keyof typeof errorTable

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorTable, code)
