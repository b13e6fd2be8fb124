import {
  createRecruitOAuth,
  type ConnectionStore,
  type RecruitOAuth,
  type RecruitOAuthOptions,
} from '@zrecruit/oauth-core'
import type { ZohoAt } from './zoho.ts'

/** The same in all processes of a proof. */
const key = Buffer.alloc(32, 7).toString('base64')

/** Who is signed in says the request's query, `?as=ID`: connection and principal in one. */
const connectionFor = (request: Request) => {
  const id = new URL(request.url).searchParams.get('as')
  return id === null ? undefined : { id, principal: id }
}

/** One process of the app. */
export const appOn = (
  store: ConnectionStore,
  { eu, client }: ZohoAt,
  more: Partial<RecruitOAuthOptions> = {},
): RecruitOAuth =>
  createRecruitOAuth({
    clientId: client.id,
    clientSecret: client.secret,
    redirectUri: client.redirectUris[0] ?? '',
    scopes: ['ZohoRecruit.modules.ALL', 'ZohoRecruit.org.READ', 'ZohoRecruit.users.READ'],
    dataCenter: 'eu',
    dataCenters: { eu },
    store,
    encryptionKeys: [key],
    connectionFor,
    callbackIdentity: 'cookie',
    onEvent: () => {},
    ...more,
  })
