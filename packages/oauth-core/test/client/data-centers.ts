import {
  zohoDataCenters,
  type RecruitOAuthOptions,
  type ZohoDataCenterId,
} from '../../src/index.ts'
import { errorCodeOf, key, uniqueToken, startConsent } from './setup.ts'

export const dataCenterIds = Object.keys(zohoDataCenters) as ZohoDataCenterId[]

/** Options with Zoho's data centers. `fetch` records each URL and responds with a grant. */
export const recordingOptions = (more: Partial<RecruitOAuthOptions> = {}) => {
  const sent: { url: string; secret: string | null }[] = []
  const options: RecruitOAuthOptions = {
    clientId: '1000.CLIENT',
    clientSecret: Object.fromEntries(dataCenterIds.map((id) => [id, `secret-of-${id}`])),
    redirectUri: 'https://app.example.com/zoho/callback',
    scopes: ['ZohoRecruit.modules.ALL'],
    encryptionKeys: [key],
    connectionFor: () => undefined,
    fetch: async (url, init) => {
      sent.push({
        url,
        secret: new URLSearchParams(await new Response(init.body).text()).get('client_secret'),
      })
      return Response.json({
        access_token: uniqueToken('access'),
        refresh_token: uniqueToken('refresh'),
      })
    },
    ...more,
  }
  return { sent, options }
}

export const completeCallback = async (
  parameters: Record<string, string>,
  more?: Partial<RecruitOAuthOptions>,
) => {
  const { sent, options } = recordingOptions(more)
  const browser = await startConsent(options)
  return { code: await errorCodeOf(browser.complete({ code: '1000.code', ...parameters })), sent }
}
