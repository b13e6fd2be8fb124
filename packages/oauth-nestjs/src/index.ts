// NestJS
export { ZohoRecruitModule } from './zoho-recruit.module.ts'
export {
  RequireZohoConnection,
  ZohoConnection,
  ZohoConnectionGuard,
  type ZohoConnectionRequirement,
} from './zoho-connection.guard.ts'
export { getZohoRecruitToken, InjectZohoRecruit, type ZohoRecruit } from './client.ts'
export type {
  ZohoRecruitModuleExtras,
  ZohoRecruitModuleOptions,
  ZohoRecruitRequest,
} from './options.ts'

// What an app needs from core
export {
  unlistedScope,
  errorCodes,
  isRecruitOAuthError,
  isSecret,
  RecruitOAuthError,
  Secret,
  zohoDataCenters,
} from '@zrecruit/oauth-core'
export type {
  AuthorizationOptions,
  AuthorizationRequest,
  ClientSecret,
  Connection,
  ConnectionId,
  ConnectionRef,
  ConnectionStatus,
  Identity,
} from '@zrecruit/oauth-core'
export type {
  ConnectionAdmin,
  ConnectionsPage,
  ConnectionsQuery,
  ListedConnection,
  BatchResult,
  BatchOptions,
} from '@zrecruit/oauth-core'
export type {
  ConnectionStore,
  ConnectionSummary,
  ListQuery,
  Revision,
  SealedRecord,
} from '@zrecruit/oauth-core'
export type {
  DataCenter,
  DataCenters,
  EpochMs,
  ErrorCode,
  ErrorSource,
  OnEvent,
  RecruitOAuthEvent,
  PrincipalId,
  RecruitRequestInit,
  RecruitScope,
  Remedy,
} from '@zrecruit/oauth-core'
