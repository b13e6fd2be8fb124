import type { start } from './support.ts'

type Started = Awaited<ReturnType<typeof start>>

const fullScope =
  'ZohoRecruit.modules.ALL,ZohoRecruit.org.ALL,ZohoRecruit.users.ALL,ZohoRecruit.bulk.ALL,' +
  'ZohoSearch.securesearch.READ,ZohoFiles.files.ALL'

interface ConnectOptions {
  readonly scope?: string
  readonly dataCenter?: 'us' | 'eu' | 'in'
  readonly user?: string
  readonly environment?: 'production' | 'sandbox'
}

/** Calls the Recruit API with a token. `path` begins after `/recruit/v2/`, or with a slash. */
function createApi(emulator: Started, accessToken: string, options: ConnectOptions = {}) {
  const { dataCenter = 'us', environment = 'production' } = options
  const { recruitApi, sandboxApi, uploadServer } = emulator.dataCenters[dataCenter]
  const base = environment === 'production' ? recruitApi : sandboxApi
  const authorization = `Zoho-oauthtoken ${accessToken}`
  const send = (method: string, path: string, init: RequestInit = {}) => {
    const url = path.startsWith('/') ? new URL(path, base).href : `${base}/${path}`
    const headers = { authorization, ...(init.headers as Record<string, string> | undefined) }
    return fetch(url, { ...init, method, headers })
  }
  const call = async (method: string, path: string, body?: unknown) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    const response = await send(method, path, sent)
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    }
  }
  const upload = async (body: Uint8Array | undefined, headers: Record<string, string>) => {
    const form = new FormData()
    if (body !== undefined) form.set('file', new File([new Uint8Array(body)], 'candidates.zip'))
    else form.set('other', 'x')
    const url = `${uploadServer}/recruit/v2/upload`
    const sent = { authorization, ...headers }
    const response = await fetch(url, { method: 'POST', headers: sent, body: form })
    return { status: response.status, body: await response.json() }
  }
  return { send, call, upload, accessToken }
}

/** An emulator and calls of its Recruit API with one token. */
export async function connectTo(emulator: Started, options: ConnectOptions = {}) {
  const { scope = fullScope, dataCenter = 'us', user, environment = 'production' } = options
  const { code } = emulator.issueSelfClientCode({
    scope,
    dataCenter,
    environment,
    ...(user === undefined ? {} : { user }),
  })
  const { id, secret } = emulator.client
  const response = await fetch(
    `${emulator.dataCenters[dataCenter].accountsServer}/oauth/v2/token`,
    {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: id,
        client_secret: secret,
        code,
      }),
    },
  )
  const { access_token: accessToken } = (await response.json()) as { access_token: string }
  return createApi(emulator, accessToken, options)
}
