// Hono
export { zohoRecruit, type ZohoRecruit, type ZohoRecruitOnBindings, type ZohoVariables } from './zoho-recruit.ts'

// What an app needs from core
export { dangerousScope, errorTable, isRecruitOAuthError, isSecret, RecruitOAuthError, Secret, zohoDataCenters } from '@zrecruit/oauth-core'
export type {
  AuthorizationOptions, AuthorizationRequest, ClientSecret, Connection, ConnectionId, ConnectionRef, ConnectionStatus, ConnectionStore,
  ConnectionSummary, DataCenter, DataCenters, EpochMs, ErrorCode, Fault, ListQuery, Observer, ObserverEvent, PrincipalId,
  RecruitOAuthOptions, RecruitRequestInit, RecruitScope, Remedy, Revision, SealedRecord,
} from '@zrecruit/oauth-core'
