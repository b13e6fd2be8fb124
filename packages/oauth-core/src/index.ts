// The client
export {
  createRecruitOAuth,
  type RecruitOAuth,
  type RequestContext,
} from './create-recruit-oauth.ts'
export { storedId } from './store/client-rows.ts'
export type {
  ConnectionAdmin,
  ConnectionsPage,
  ConnectionsQuery,
  ListedConnection,
  BatchResult,
  BatchOptions,
} from './client/admin.ts'
export type { Connection } from './client/connection.ts'
export type { AuthorizationOptions, AuthorizationRequest } from './client/consent/begin.ts'
export type { ConnectionStatus } from './client/status.ts'
export type { RecruitRequestInit } from './client/tokens/request-init.ts'
export { isValidOption } from './config/valid-option.ts'
export type { ClientSecret, ConnectionRef, RecruitOAuthOptions } from './config/options.ts'

// Data types
export { dataCenterProvenance, type Provenance } from './domain/data-center-provenance.ts'
export {
  sandboxOf,
  zohoDataCenters,
  type DataCenter,
  type DataCenterId,
  type DataCenters,
  type ZohoDataCenterId,
} from './domain/data-centers.ts'
export type { ConnectionId, Identity, PrincipalId, Status } from './domain/record.ts'
export type { AccountSwitch, IdentityFailure } from './domain/identity.ts'
export { scopeCatalog, type ReadableModule, type RecruitModule } from './domain/scope-catalog.ts'
export { scopesFor, type ScopeNeeds } from './domain/scopes-for.ts'
export { unlistedScope, type UnlistedScope, type RecruitScope } from './domain/scopes.ts'
export { isSecret, Secret } from './domain/secret.ts'
export type { EpochMs } from './domain/time.ts'

// Errors
export { errorCodes, type ErrorCode, type ErrorSource, type Remedy } from './errors/codes.ts'
export {
  isRecruitOAuthError,
  RecruitOAuthError,
  type RecruitOAuthErrorJson,
  type ErrorDetails,
} from './errors/recruit-oauth-error.ts'
export { errorKindOf } from './errors/foreign-error.ts'
export { refuseUnknownOptions } from './errors/unknown-options.ts'

// Types of what the app injects, and of events
export type { Freshness } from './machine/freshness.ts'
export { consoleListener } from './config/console-listener.ts'
export type {
  MonotonicClock,
  OnEvent,
  RecruitOAuthEvent,
  RandomBytes,
  PageAction,
  RenderPage,
  RouteName,
  RoutePage,
  WaitUntil,
} from './config/host.ts'
export type {
  ConnectionStore,
  ConnectionSummary,
  ListQuery,
  Revision,
  SealedRecord,
} from './store/connection-store.ts'
export type { Fetch } from './endpoints/http.ts'
