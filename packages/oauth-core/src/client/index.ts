export { recentRecord } from './access-token.ts'
export {
  beginAuthorization,
  type AuthorizationOptions,
  type AuthorizationRequest,
} from './begin-authorization.ts'
export { cookieNameOf, openBinding } from './browser-binding.ts'
export { clientRows, storedId } from './client-rows.ts'
export { completeAuthorization } from './complete-authorization.ts'
export { configure, type Configuration } from './configuration.ts'
export { connection, type Connection } from './connection.ts'
export { engine, isId, type Engine } from './engine.ts'
export { checkedNames, checkedRequest, readMembers, readWaitUntil } from './checked-arguments.ts'
export { inBackground } from './in-background.ts'
export type { RecruitRequestInit } from './request-init.ts'
export type { ClientSecret, ConnectionRef, RecruitOAuthOptions } from './options.ts'
export { invalid } from './invalid-option.ts'
export { readCallback } from './read-callback.ts'
export { safeReturnTo } from './return-to.ts'
export type { ConnectionStatus } from './status.ts'
export {
  allConnections,
  type AllConnections,
  type ConnectionsPage,
  type ConnectionsQuery,
  type ListedConnection,
  type Sweep,
  type SweepOptions,
} from './sweep.ts'
export { whyNone } from '../machine/index.ts'
