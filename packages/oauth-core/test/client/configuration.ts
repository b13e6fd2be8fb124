import {
  createRecruitOAuth,
  isRecruitOAuthError,
  type RecruitOAuthError,
  type RecruitOAuthOptions,
} from '../../src/index.ts'
import { memoryStore } from '../../src/store/memory.ts'
import { key } from './setup.ts'

export const validOptions: RecruitOAuthOptions = {
  clientId: '1000.CLIENT',
  clientSecret: 'the-client-secret',
  redirectUri: 'https://app.example.com/base/zoho/callback',
  scopes: ['ZohoRecruit.modules.ALL', 'ZohoRecruit.org.READ'],
  store: memoryStore(),
  encryptionKeys: [key],
  connectionFor: () => undefined,
}

export const exampleDataCenter = {
  accountsServer: 'https://accounts.example.com',
  apiDomain: 'https://www.example.com',
  recruitApi: 'https://recruit.example.com/recruit/v2',
}

export const withDataCenter = (fields: object): object => ({
  dataCenter: 'x',
  dataCenters: { x: { ...exampleDataCenter, ...fields } },
})

export const thrownBy = (options: unknown): RecruitOAuthError | undefined => {
  try {
    createRecruitOAuth(options as RecruitOAuthOptions)
    return undefined
  } catch (error) {
    if (!isRecruitOAuthError(error)) throw error
    return error
  }
}
