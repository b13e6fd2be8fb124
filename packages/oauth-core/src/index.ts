// The client
export {
  createRecruitOAuth,
  type RecruitOAuth,
  type RequestContext,
} from './create-recruit-oauth.ts'
export { storedId } from './client/index.ts'
export type {
  ConnectionAdmin,
  AuthorizationOptions,
  AuthorizationRequest,
  ClientSecret,
  Connection,
  ConnectionRef,
  ConnectionStatus,
  ConnectionsPage,
  ConnectionsQuery,
  ListedConnection,
  RecruitOAuthOptions,
  RecruitRequestInit,
  BatchResult,
  BatchOptions,
} from './client/index.ts'

// Words
export {
  unlistedScope,
  dataCenterProvenance,
  isSecret,
  Secret,
  zohoDataCenters,
  type ConnectionId,
  type UnlistedScope,
  type DataCenter,
  type DataCenterId,
  type DataCenters,
  type EpochMs,
  type Identity,
  type PrincipalId,
  type Provenance,
  type RecruitScope,
  type Status,
  type ZohoDataCenterId,
} from './domain/index.ts'

// Errors
export {
  errorCodes,
  isRecruitOAuthError,
  RecruitOAuthError,
  type ErrorCode,
  type ErrorDetails,
  type ErrorSource,
  type Remedy,
} from './errors/index.ts'

// What a host lends
export type { Freshness } from './machine/index.ts'
export type {
  ConnectionStore,
  ConnectionSummary,
  ListQuery,
  MonotonicClock,
  OnEvent,
  RecruitOAuthEvent,
  RandomBytes,
  Revision,
  SealedRecord,
  WaitUntil,
} from './ports/index.ts'
export type { Fetch } from './wire/index.ts'
