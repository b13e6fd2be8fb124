// Hono
export { zohoRecruit, type ZohoRecruit, type ZohoVariables } from './zoho-recruit.ts'

// What an app needs from core
export { dangerousScope, errorTable, isRecruitOAuthError, RecruitOAuthError, Secret, zohoDataCenters } from '@zrecruit/oauth-core'
export type {
  Connection,
  ConnectionRef,
  ConnectionStatus,
  ConnectionStore,
  DataCenter,
  DataCenters,
  ErrorCode,
  ObserverEvent,
  RecruitOAuthOptions,
  RecruitScope,
} from '@zrecruit/oauth-core'
