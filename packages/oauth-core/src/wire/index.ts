export {
  authorizationUrl,
  randomToken,
  validateCallback,
  type ValidatedCallback,
} from './authorization-endpoint.ts'
export { sleep, withDeadline } from './deadline.ts'
export { requestIdentity } from './identity-endpoint.ts'
export type { Outcome, TokenAnswer, EndpointFailure } from './outcome.ts'
export type { EndpointCall } from './post.ts'
export { checkRefreshToken, isRetryable, revokeToken } from './revocation-endpoint.ts'
export { sha256 } from './sha-256.ts'
export { isRedirect, readBounded, type Fetch } from './send.ts'
export { requestTokens } from './token-endpoint.ts'
