import { expect, it } from 'vitest'
import { createEmulator } from '../src/index.ts'
import { api, authorizationUrl, decide, exchange, refresh, start, token } from './support.ts'

const scope = 'ZohoRecruit.modules.ALL,ZohoRecruit.org.ALL'

async function connect(
  emulator: Awaited<ReturnType<typeof start>>,
  environment: 'production' | 'sandbox',
) {
  const { code } = emulator.issueSelfClientCode({ scope, dataCenter: 'us', environment })
  const { body } = await token(emulator, { grant_type: 'authorization_code', code })
  return { accessToken: body.access_token as string, refreshToken: body.refresh_token as string }
}

async function sandbox(
  emulator: Awaited<ReturnType<typeof start>>,
  path: string,
  accessToken: string,
) {
  const response = await fetch(`${emulator.dataCenters.us.sandboxApi}/${path}`, {
    headers: { authorization: `Zoho-oauthtoken ${accessToken}` },
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}

it('every data center has an upload server and a sandbox', async () => {
  const emulator = createEmulator({ dataCenters: ['eu', 'cn'] })
  expect(emulator.dataCenters.cn).toEqual({
    accountsServer: 'http://accounts.cn.emulator.localhost',
    apiDomain: 'http://api.cn.emulator.localhost',
    recruitApi: 'http://recruit.cn.emulator.localhost/recruit/v2',
    uploadServer: 'http://upload.cn.emulator.localhost',
    sandboxApi: 'http://recruitsandbox.cn.emulator.localhost/recruit/v2',
  })
})

it('a token of the sandbox is invalid in production, and the other way round', async () => {
  const emulator = await start()
  const production = await connect(emulator, 'production')
  const inSandbox = await connect(emulator, 'sandbox')
  const invalid = { status: 401, body: { code: 'INVALID_TOKEN' } }
  expect(await api(emulator, 'Candidates', inSandbox.accessToken)).toMatchObject(invalid)
  expect(await sandbox(emulator, 'Candidates', production.accessToken)).toMatchObject(invalid)
  expect((await api(emulator, 'Candidates', production.accessToken)).status).toBe(200)
  expect((await sandbox(emulator, 'Candidates', inSandbox.accessToken)).status).toBe(204)
})

it('the sandbox is an organization of its own', async () => {
  const emulator = await start()
  const production = await connect(emulator, 'production')
  const inSandbox = await connect(emulator, 'sandbox')
  const [org] = (await api(emulator, 'org', production.accessToken)).body.org
  const [sandboxOrg] = (await sandbox(emulator, 'org', inSandbox.accessToken)).body.org
  expect(sandboxOrg).toMatchObject({ company_name: 'Harbor & Pine Staffing (Sandbox)' })
  expect(sandboxOrg.zgid).not.toBe(org.zgid)
  expect(sandboxOrg.primary_email).toBe(org.primary_email)
})

it('a refresh stays in the environment of the grant', async () => {
  const emulator = await start()
  const { refreshToken } = await connect(emulator, 'sandbox')
  const { access_token } = (await refresh(emulator, refreshToken)).body
  expect((await sandbox(emulator, 'org', access_token)).status).toBe(200)
  expect(emulator.tokens().refreshTokens.map(({ environment }) => environment)).toEqual(['sandbox'])
})

it('the consent page offers both environments, and each has a first consent', async () => {
  const emulator = await start()
  const page = await (await fetch(authorizationUrl(emulator, { scope }))).text()
  expect(page).toContain('<select name="environment">')
  const approve = { decision: 'approve', account: 'us' }
  const connected = async (form: Record<string, string>) => {
    const code = (await decide(emulator, form, { scope })).get('code') ?? ''
    return (await exchange(emulator, code)).body
  }
  const production = await connected(approve)
  const inSandbox = await connected({ ...approve, environment: 'sandbox' })
  expect(production).toHaveProperty('refresh_token')
  expect(inSandbox).toHaveProperty('refresh_token')
  expect((await api(emulator, 'org', production.access_token)).status).toBe(200)
  expect((await sandbox(emulator, 'org', inSandbox.access_token)).status).toBe(200)
  expect(await connected({ ...approve, environment: 'sandbox' })).not.toHaveProperty(
    'refresh_token',
  )
  const unknown = await fetch(authorizationUrl(emulator, { scope }), {
    method: 'POST',
    body: new URLSearchParams({ ...approve, environment: 'staging' }),
    redirect: 'manual',
  })
  expect([unknown.status, await unknown.text()]).toEqual([
    400,
    expect.stringContaining('environment is neither'),
  ])
})

it('the client revokes one environment, the user revokes both', async () => {
  const emulator = await start()
  const production = await connect(emulator, 'production')
  const inSandbox = await connect(emulator, 'sandbox')
  const url = `${emulator.dataCenters.us.accountsServer}/oauth/v2/token/revoke`
  await fetch(`${url}?token=${inSandbox.refreshToken}`, { method: 'POST' })
  expect((await refresh(emulator, inSandbox.refreshToken)).body.error).toBe('invalid_code')
  expect((await refresh(emulator, production.refreshToken)).body).toHaveProperty('access_token')
  const again = await connect(emulator, 'sandbox')
  emulator.revokeByUser({ dataCenter: 'us' })
  for (const { refreshToken } of [production, again])
    expect((await refresh(emulator, refreshToken)).body.error).toBe('invalid_code')
})

it('the endpoint for Self Client codes accepts an environment', async () => {
  const emulator = await start()
  const request = (environment: string) =>
    fetch(`${emulator.dataCenters.us.accountsServer}/_emulator/codes`, {
      method: 'POST',
      body: JSON.stringify({ scope, environment }),
    })
  const { code } = (await (await request('sandbox')).json()) as { code: string }
  const { body } = await token(emulator, { grant_type: 'authorization_code', code })
  expect((await sandbox(emulator, 'org', body.access_token)).status).toBe(200)
  const refused = await request('staging')
  expect([refused.status, await refused.json()]).toEqual([
    400,
    { error: 'environment: "staging" is not allowed: send "production" or "sandbox".' },
  ])
})
