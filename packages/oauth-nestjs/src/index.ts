export * from '@zrecruit/oauth-core'
export { ZohoRecruitModule } from './zoho-recruit.module.ts'
export {
  InjectZohoRecruit,
  RequireZohoConnection,
  ZohoConnection,
} from './zoho-connection.decorator.ts'
export { ZohoConnectionGuard, type ZohoConnectionRequirement } from './zoho-connection.guard.ts'
export { getZohoRecruitToken } from './constants.ts'
export type { ZohoRecruit } from './client.ts'
export type {
  ZohoRecruitModuleExtras,
  ZohoRecruitModuleOptions,
  ZohoRecruitRequest,
} from './options.ts'
