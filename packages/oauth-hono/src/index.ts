// Hono
export { zohoRecruit, type ZohoRecruit, type ZohoRecruitOnBindings, type ZohoVariables } from './zoho-recruit.ts'

// What an app needs from core
export { dangerousScope, errorTable, isRecruitOAuthError, isSecret, RecruitOAuthError, Secret, zohoDataCenters } from '@zrecruit/oauth-core'
export type {
  AllConnections, AuthorizationOptions, AuthorizationRequest, ClientSecret, Connection, ConnectionId, ConnectionRef, ConnectionStatus, ConnectionsPage, ConnectionsQuery, ConnectionStore,
  ConnectionSummary, DataCenter, DataCenters, EpochMs, ErrorCode, Fault, Identity, ListedConnection, ListQuery, Observer, ObserverEvent, PrincipalId,
  RecruitOAuthOptions, RecruitRequestInit, RecruitScope, Remedy, Revision, SealedRecord, Sweep, SweepOptions,
} from '@zrecruit/oauth-core'
