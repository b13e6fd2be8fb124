import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { text as readText } from 'node:stream/consumers'
import { authorizationUrl, type start } from './support.ts'

export type Emulated = Awaited<ReturnType<typeof start>>

/**
 * The headers that a browser sends with requests of other websites. `OWN` and `HTTPS` stand for
 * origins that `withRealOrigin` inserts.
 */
export const foreignHeaders: Record<string, Record<string, string>> = {
  'another site': { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
  'an app on another port': { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:3000' },
  'another site that hides its origin': { 'sec-fetch-site': 'cross-site', origin: 'null' },
  'another site that sends the right origin': { 'sec-fetch-site': 'cross-site', origin: 'OWN' },
  'another site without an origin': { 'sec-fetch-site': 'cross-site' },
  'a site with an unknown value of Sec-Fetch-Site': { 'sec-fetch-site': 'other' },
  'another site, in a browser without Sec-Fetch-Site': { origin: 'https://evil.example' },
  'a hidden origin, in a browser without Sec-Fetch-Site': { origin: 'null' },
  'the same host over https': { origin: 'HTTPS' },
  'an extension': { 'sec-fetch-site': 'none', origin: 'chrome-extension://abcdefghijklmnop' },
}

/** Replaces `OWN` by the origin of the URL, and `HTTPS` by the same host over https. */
export const withRealOrigin = (
  headers: Record<string, string>,
  url: string,
): Record<string, string> => {
  const { host, origin } = new URL(url)
  const realOrigins: Record<string, string> = { OWN: origin, HTTPS: `https://${host}` }
  const sentOrigin = headers['origin']
  if (sentOrigin === undefined) return headers
  return { ...headers, origin: realOrigins[sentOrigin] ?? sentOrigin }
}

/**
 * Sends a request without a body and with exactly these headers. Node's `fetch` would replace
 * `Sec-Fetch-Mode`.
 */
export async function sendExactly(
  url: string,
  { method, headers }: { method: string; headers: Record<string, string> },
): Promise<number> {
  const request = httpRequest(url, { method, headers }).end()
  const [response] = await once(request, 'response')
  await readText(response)
  return response.statusCode
}

/** Requests to every server that change something: data, the journal or the counts. */
export function changingRequests(
  emulator: Emulated,
  refreshToken: string,
): [url: string, init: RequestInit][] {
  const { accountsServer, recruitApi, apiDomain, uploadServer, sandboxApi } =
    emulator.dataCenters.us
  const control = (path: string, body: unknown): [string, RequestInit] => [
    `${accountsServer}/_emulator/${path}`,
    { method: 'POST', body: JSON.stringify(body) },
  ]
  const form = (url: string, fields: Record<string, string>): [string, RequestInit] => [
    url,
    { method: 'POST', body: new URLSearchParams(fields) },
  ]
  const client = { client_id: emulator.client.id, client_secret: emulator.client.secret }
  const basic = `Basic ${btoa(`${emulator.client.id}:${emulator.client.secret}`)}`
  return [
    control('settings', { codeLifeSeconds: 480 }),
    control('clients', { redirectUris: ['https://evil.example/'] }),
    control('faults', { on: 'token', kind: 'silence' }),
    control('users', { firstName: 'Eve', lastName: 'Evil' }),
    control('codes', { scope: 'ZohoRecruit.modules.ALL' }),
    control('clock', { advanceSeconds: 5000 }),
    control('revocations', { account: 'us' }),
    control('reset', {}),
    [`${accountsServer}/_emulator/faults`, { method: 'DELETE' }],
    [`${accountsServer}/_emulator/access-tokens`, { method: 'DELETE' }],
    form(`${accountsServer}/_emulator/`, { action: 'reset' }),
    form(authorizationUrl(emulator), { decision: 'approve' }),
    form(authorizationUrl(emulator), { decision: 'refuse' }),
    form(`${accountsServer}/oauth/v2/token`, {
      ...client,
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
    }),
    form(`${accountsServer}/oauth/v2/token`, {}),
    form(`${accountsServer}/oauth/v2/token/revoke`, { token: refreshToken }),
    [
      `${accountsServer}/oauth/v2/revoke/token?token=${refreshToken}&token_type=refresh_token`,
      { method: 'POST', headers: { authorization: basic } },
    ],
    [`${accountsServer}/oauth/v2/token`, { method: 'GET' }],
    [`${accountsServer}/oauth/v2/auth`, { method: 'GET' }],
    [`${accountsServer}/_emulator/reset`, { method: 'OPTIONS' }],
    [`${accountsServer}/nothing`, { method: 'GET' }],
    [`${recruitApi}/Candidates`, { method: 'GET' }],
    [`${recruitApi}/Candidates`, { method: 'POST', headers: { authorization: basic } }],
    [apiDomain, { method: 'GET' }],
    [`${uploadServer}/recruit/v2/upload`, { method: 'POST', headers: { authorization: basic } }],
    [`${sandboxApi}/Candidates`, { method: 'GET' }],
  ]
}
