import { onTestFinished } from 'vitest'
import {
  createEmulator,
  type DataCenterId,
  type Emulator,
  type EmulatorOptions,
} from '../src/index.ts'

export const redirectUri = 'http://localhost:3000/zoho/callback'
const modules = 'ZohoRecruit.modules.ALL'

type Started = Emulator<'us' | 'eu' | 'in'>
type TestDataCenter = 'us' | 'eu' | 'in'
export type Fields = Record<string, string>

/** An emulator on real loopback ports, closed when the test ends. */
export async function start(options: EmulatorOptions<TestDataCenter> = {}): Promise<Started> {
  const emulator = createEmulator({ redirectUris: [redirectUri], ...options })
  await emulator.listen({ port: 0 })
  onTestFinished(() => emulator.close())
  return emulator
}

/** The URL of an authorization request. Fields can be replaced, or omitted with `undefined`. */
export function authorizationUrl(
  emulator: Started,
  fields: Record<string, string | undefined> = {},
  at: TestDataCenter = 'us',
): string {
  const url = new URL(`${emulator.dataCenters[at].accountsServer}/oauth/v2/auth`)
  const standard = {
    scope: modules,
    client_id: emulator.client.id,
    response_type: 'code',
    access_type: 'offline',
    redirect_uri: redirectUri,
    state: 'the-state',
  }
  for (const [name, value] of Object.entries({ ...standard, ...fields }))
    if (value !== undefined) url.searchParams.set(name, value)
  return url.href
}

/** Submits the consent page and returns the parameters of the redirect. */
export async function decide(
  emulator: Started,
  form: Fields,
  fields: Record<string, string | undefined> = {},
  at: TestDataCenter = 'us',
): Promise<URLSearchParams> {
  const response = await fetch(authorizationUrl(emulator, fields, at), {
    method: 'POST',
    body: new URLSearchParams(form),
    redirect: 'manual',
  })
  if (response.status !== 302)
    throw new Error(`no redirect: ${response.status} ${await response.text()}`)
  return new URL(response.headers.get('location') ?? '').searchParams
}

/** Gives consent as an account, and returns the code. */
export async function consent(
  emulator: Started,
  account: DataCenterId = 'us',
  fields: Record<string, string | undefined> = {},
): Promise<string> {
  return (await decide(emulator, { decision: 'approve', account }, fields)).get('code') ?? ''
}

export async function post(
  url: string,
  fields: Fields,
  headers: Fields = {},
): Promise<{ status: number; text: string; body: any }> {
  const response = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers,
    redirect: 'manual',
  })
  const text = await response.text()
  return {
    status: response.status,
    text,
    body: response.headers.get('content-type')?.startsWith('application/json')
      ? JSON.parse(text)
      : undefined,
  }
}

/** Calls the token endpoint with the right client credentials unless `fields` overrides them. */
export function token(emulator: Started, fields: Fields, at: TestDataCenter = 'us') {
  const client = { client_id: emulator.client.id, client_secret: emulator.client.secret }
  return post(`${emulator.dataCenters[at].accountsServer}/oauth/v2/token`, { ...client, ...fields })
}

export function exchange(
  emulator: Started,
  code: string,
  at: TestDataCenter = 'us',
  fields: Fields = {},
) {
  return token(
    emulator,
    { grant_type: 'authorization_code', code, redirect_uri: redirectUri, ...fields },
    at,
  )
}

export function refresh(emulator: Started, refreshToken: string, at: TestDataCenter = 'us') {
  return token(emulator, { grant_type: 'refresh_token', refresh_token: refreshToken }, at)
}

/** Gets tokens by a Self Client code, which needs no consent and counts towards no code budget. */
export async function connect(
  emulator: Started,
  at: TestDataCenter = 'us',
  scope = modules,
): Promise<{ accessToken: string; refreshToken: string }> {
  const { code } = emulator.issueSelfClientCode({ scope, dataCenter: at })
  const { body } = await token(emulator, { grant_type: 'authorization_code', code }, at)
  return { accessToken: body.access_token, refreshToken: body.refresh_token }
}

export async function api(
  emulator: Started,
  path: string,
  accessToken: string | undefined,
  at: TestDataCenter = 'us',
) {
  const headers: Fields =
    accessToken === undefined ? {} : { authorization: `Zoho-oauthtoken ${accessToken}` }
  const response = await fetch(`${emulator.dataCenters[at].recruitApi}/${path}`, { headers })
  const text = await response.text()
  return { status: response.status, text, body: text === '' ? undefined : JSON.parse(text) }
}

/** All state that a request could change. */
export const readState = (emulator: Started) => ({
  calls: emulator.calls(),
  journal: emulator.journal(),
  faults: emulator.faults(),
  settings: emulator.settings(),
  users: emulator.users(),
  redirectUris: emulator.client.redirectUris,
  refreshTokens: emulator.tokens().refreshTokens.length,
  accessTokens: emulator.tokens().accessTokens.length,
})

export const throttled =
  '{"error_description":"You have made too many requests continuously. Please try again ' +
  'after some time.","error":"Access Denied","status":"failure"}'
