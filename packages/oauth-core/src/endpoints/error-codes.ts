import type { ErrorCode } from '../errors/codes.ts'

/**
 * Every reason for which a call to an accounts server can fail, and the error code that the caller
 * of this library gets for it. If an OAuth standard has an error value for a reason, the reason has
 * the same name.
 */
const errorCodeOf = {
  // Error responses: RFC 6749, 5.2 and 4.1.2.1; `invalid_redirect_uri` is of RFC 7591, 3.2.2.
  invalid_grant: 'code-rejected',
  invalid_client: 'client-rejected',
  invalid_client_secret: 'client-secret-rejected',
  invalid_redirect_uri: 'redirect-uri-rejected',
  server_error: 'accounts-server-error',
  temporarily_unavailable: 'accounts-server-unavailable',
  rate_limited: 'throttled',
  // The same request would be refused again.
  invalid_request: 'token-request-rejected',
  invalid_scope: 'token-request-rejected',
  unauthorized_client: 'token-request-rejected',
  unsupported_grant_type: 'token-request-rejected',
  access_denied: 'token-request-rejected',

  // Revocation (RFC 7009).
  revocation_endpoint_missing: 'revocation-failed',
  token_still_valid: 'revocation-failed',

  // Transport.
  unreachable: 'accounts-server-unreachable',
  timed_out: 'accounts-server-timed-out',
  redirected: 'redirect-refused',
  proxy_authentication_required: 'proxy-authentication-required',
  malformed_response: 'response-malformed',

  // The data center is not in the table, or has no client secret. No request was made.
  data_center_not_configured: 'data-center-unknown',
} as const satisfies Readonly<Record<string, ErrorCode>>

export type FailureReason = keyof typeof errorCodeOf

export const toErrorCode = (reason: FailureReason): ErrorCode => errorCodeOf[reason]
