export { readRecord } from './access-token.ts'
export {
  beginAuthorization,
  type AuthorizationOptions,
  type AuthorizationRequest,
} from './begin-authorization.ts'
export { cookieNameOf, openBinding } from './browser-binding.ts'
export { clientRows, storedId } from './client-rows.ts'
export { completeAuthorization } from './complete-authorization.ts'
export { configure, type Configuration } from './configuration.ts'
export { createConnection, type Connection } from './connection.ts'
export { createClientContext, isId, type ClientContext } from './engine.ts'
export { checkedNames, checkedRequest, readMembers, readWaitUntil } from './checked-arguments.ts'
export { runInBackground } from './in-background.ts'
export type { RecruitRequestInit } from './request-init.ts'
export type { ClientSecret, ConnectionRef, RecruitOAuthOptions } from './options.ts'
export { invalidOption } from './invalid-option.ts'
export { readCallback } from './read-callback.ts'
export { safeReturnTo } from './return-to.ts'
export type { ConnectionStatus } from './status.ts'
export {
  createConnectionAdmin,
  type ConnectionAdmin,
  type ConnectionsPage,
  type ConnectionsQuery,
  type ListedConnection,
  type BatchResult,
  type BatchOptions,
} from './sweep.ts'
export { noTokenReason } from '../machine/index.ts'
