import {
  createRecruitOAuth,
  type ConnectionStore,
  type RecruitOAuth,
  type RecruitOAuthOptions,
} from '@zrecruit/oauth-core'
import type { ZohoAddress } from './zoho.ts'

/** All processes of an experiment use the same key. */
const encryptionKey = Buffer.alloc(32, 7).toString('base64')

/** The query `?as=ID` names the signed-in user. Its ID is connection and principal. */
const connectionFor = (request: Request) => {
  const id = new URL(request.url).searchParams.get('as')
  return id === null ? undefined : { id, principal: id }
}

/** The app that every experiment runs, on a given store. `more` replaces options. */
export const createApp = (
  store: ConnectionStore,
  { eu, client }: ZohoAddress,
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
    encryptionKeys: [encryptionKey],
    connectionFor,
    callbackIdentity: 'cookie',
    onEvent: () => {},
    ...more,
  })
