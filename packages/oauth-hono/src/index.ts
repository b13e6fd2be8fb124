export * from '@zrecruit/oauth-core'
export type { ZohoProblem, ZohoRoutes } from './route-types.ts'
export {
  zohoRecruit,
  zohoRecruitFromBindings,
  type ZohoRecruit,
  type ZohoRecruitFromBindings,
  type ZohoVariables,
} from './zoho-recruit.ts'
