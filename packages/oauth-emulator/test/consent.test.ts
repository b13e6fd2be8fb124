import { expect, it } from 'vitest'
import { authorizationUrl, consent, decide, exchange, redirectUri, start } from './support.ts'

it('the US consent page shows the client, all accounts and the scopes', async () => {
  const emulator = await start({ clientName: 'Talent Bridge' })
  const response = await fetch(
    authorizationUrl(emulator, { scope: 'ZohoRecruit.modules.candidate.READ,zohorecruit.ORG.all' }),
  )
  const page = await response.text()
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/html;charset=UTF-8')
  expect(page).toContain('Talent Bridge would like')
  expect(page).toMatch(/Zoho emulator<\/strong>.*not Zoho/)
  expect(page.match(/type="radio"\s+name="account"\s+value="[^"]+"/g)).toHaveLength(3)
  expect(page).toContain(
    'See candidates <code>ZohoRecruit.<wbr />modules.<wbr />candidate.<wbr />READ</code>',
  )
  expect(page).toContain('<code>zohorecruit.<wbr />ORG.<wbr />all</code>')
  expect(page).toMatch(/<button[^>]*name="decision" value="approve">Accept<\/button>/)
  expect(page).toMatch(/<button[^>]*name="decision" value="refuse">Reject<\/button>/)
  expect(page).not.toMatch(/(src|href)="(?!data:,)/)
})

it('other consent pages offer only the users of their own data center', async () => {
  const emulator = await start()
  const page = await (await fetch(authorizationUrl(emulator, {}, 'eu'))).text()
  expect(page).not.toContain('type="radio"')
  expect(page).toContain('Lena Vogel')
  expect((await decide(emulator, { decision: 'approve' }, {}, 'eu')).get('location')).toBe('eu')
  const stranger = await fetch(authorizationUrl(emulator, {}, 'eu'), {
    method: 'POST',
    body: new URLSearchParams({ decision: 'approve', account: 'us' }),
    redirect: 'manual',
  })
  expect(stranger.status).toBe(400)
})

it('accepts its own form as a browser submits it', async () => {
  const emulator = await start()
  const page = await (await fetch(authorizationUrl(emulator))).text()
  expect(page).toContain('<form method="post">')
  const account =
    [...page.matchAll(/name="account"\s+value="([^"]+)"/g)].map((found) => found[1]).at(-1) ?? ''
  expect(account).toContain('arjun.mehta@')
  expect((await decide(emulator, { account, decision: 'approve' })).get('location')).toBe('in')
})

it('a refusal redirects with access_denied and the state', async () => {
  const emulator = await start()
  expect(Object.fromEntries(await decide(emulator, { decision: 'refuse' }))).toEqual({
    error: 'access_denied',
    state: 'the-state',
  })
})

it('returns the state byte for byte, and no state if none was sent', async () => {
  const emulator = await start()
  for (const state of ['a b+c&d=é"<', '\n\r\n', ''])
    expect(
      (await decide(emulator, { decision: 'approve', account: 'us' }, { state })).get('state'),
    ).toBe(state)
  expect((await decide(emulator, { decision: 'approve' }, { state: undefined })).has('state')).toBe(
    false,
  )
})

it('keeps the query of a registered redirect URI', async () => {
  const uri = 'https://app.example/callback?tenant=a%20b'
  const emulator = await start({ redirectUris: [uri] })
  const response = await fetch(authorizationUrl(emulator, { redirect_uri: uri }), {
    method: 'POST',
    body: new URLSearchParams({ decision: 'refuse' }),
    redirect: 'manual',
  })
  expect(response.headers.get('location')).toBe(`${uri}&state=the-state&error=access_denied`)
})

const hostile = `"><script>alert(1)</script>'<img src=x>`
it.each([
  ['client_id', undefined, 'Invalid Client'],
  ['client_id', '1000.OTHER', 'Invalid Client'],
  ['client_id', hostile, 'Invalid Client'],
  ['redirect_uri', undefined, 'Invalid Redirect Uri'],
  ['redirect_uri', `${redirectUri}/`, 'Invalid Redirect Uri'],
  ['redirect_uri', redirectUri.replace('http:', 'https:'), 'Invalid Redirect Uri'],
  ['redirect_uri', `${redirectUri}?${hostile}`, 'Invalid Redirect Uri'],
  ['response_type', undefined, 'Invalid response_type'],
  ['response_type', 'token', 'Invalid response_type'],
  ['response_type', hostile, 'Invalid response_type'],
  ['scope', undefined, 'Invalid OAuth Scope'],
  ['scope', 'ZohoRecruit.modules.ALL ZohoRecruit.org.READ', 'Invalid OAuth Scope'],
  ['scope', 'ZohoRecruit.modules.ALL,', 'Invalid OAuth Scope'],
  ['scope', hostile, 'Invalid OAuth Scope'],
  ['access_type', hostile, 'Invalid access_type'],
  ['prompt', hostile, 'Invalid prompt'],
  ['code_challenge_method', hostile, 'Invalid code_challenge_method'],
])('responds with an escaped page, never with a redirect: %s=%s', async (name, value, title) => {
  const emulator = await start()
  for (const init of [{}, { method: 'POST', body: new URLSearchParams({ decision: 'approve' }) }]) {
    const response = await fetch(authorizationUrl(emulator, { [name]: value }), {
      ...init,
      redirect: 'manual',
    })
    const page = await response.text()
    expect(response.status).toBe(400)
    expect(response.headers.has('location')).toBe(false)
    expect(page).toContain(`<h1>${title}</h1>`)
    expect(page).not.toContain('<script')
    expect(page).not.toContain('<img')
  }
})

it('escapes markup in a valid request', async () => {
  const emulator = await start({ clientName: hostile })
  const page = await (
    await fetch(authorizationUrl(emulator, { state: hostile, login_hint: hostile }))
  ).text()
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  expect(page).not.toContain('<script')
  expect(page).not.toContain('<img')
})

it('accepts spaces between scopes only with the option scopeSeparator', async () => {
  const emulator = await start({ scopeSeparator: 'comma-or-space' })
  const code = await consent(emulator, 'us', {
    scope: 'ZohoRecruit.modules.ALL ZohoRecruit.org.READ',
  })
  await exchange(emulator, code)
  expect(emulator.tokens().refreshTokens[0]?.scopes).toEqual([
    'ZohoRecruit.modules.ALL',
    'ZohoRecruit.org.READ',
  ])
})

it.each(['yes', ''])('refuses the decision "%s"', async (decision) => {
  const emulator = await start()
  const response = await fetch(authorizationUrl(emulator), {
    method: 'POST',
    body: new URLSearchParams({ decision }),
    redirect: 'manual',
  })
  expect(response.status).toBe(400)
  expect(await response.text()).toContain('decision')
})

it('counts a request for the consent page as an authorization request', async () => {
  const emulator = await start()
  await fetch(authorizationUrl(emulator))
  await decide(emulator, { decision: 'refuse' })
  expect(emulator.calls().authorize).toBe(1)
})
