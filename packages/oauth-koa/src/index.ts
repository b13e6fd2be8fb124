export * from '@zrecruit/oauth-core'
export { zohoRecruit, type ZohoRecruit, type ZohoState } from './zoho-recruit.ts'
