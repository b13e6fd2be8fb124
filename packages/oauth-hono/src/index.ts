export * from '@zrecruit/oauth-core'
export {
  zohoRecruit,
  type ZohoRecruit,
  type ZohoRecruitOnBindings,
  type ZohoVariables,
} from './zoho-recruit.ts'
