import { describe, expect, it } from 'vitest'
import { drop, json } from '../endpoints/server.ts'
import { errorOf, startConnected } from './connected.ts'
import { grant, minute, refusal, startConsent, startSetup, tokens } from './setup.ts'

describe("Zoho's own word for an error", () => {
  it.each<[string, string, string]>([
    ['general_error', 'accounts-server-error', 'retry'],
    ['invalid_scope', 'token-request-rejected', 'fix-configuration'],
    ['unauthorized_client', 'token-request-rejected', 'fix-configuration'],
    ['access_denied', 'token-request-rejected', 'fix-configuration'],
    ['invalid_code', 'needs-consent', 'ask-consent'],
    ['Access Denied', 'throttled', 'retry'],
  ])('%s is on the error of a refresh and on its event', async (word, code, remedy) => {
    const { script, time, acme, events, client } = await startConnected()
    time.advance(61 * minute)
    script.token = refusal(word)
    const error = await errorOf(acme.accessToken())
    expect([error.code, error.remedy, error.zohoError]).toEqual([code, remedy, word])
    expect(events).toContainEqual(expect.objectContaining({ zohoError: word }))
    // Another process learns the word from the stored cool-down.
    const later = await errorOf(client().connection('acme').accessToken())
    expect(later.code).toBe(code)
    if (code !== 'needs-consent') expect(later.zohoError).toBe(word)
  })

  it.each<[string, string, string]>([
    ['invalid_scope', 'token-request-rejected', 'fix-configuration'],
    ['general_error', 'accounts-server-error', 'ask-consent'],
    ['invalid_client', 'client-rejected', 'fix-configuration'],
  ])('%s is on the error of an exchange', async (word, code, remedy) => {
    const setup = await startSetup()
    setup.script.token = refusal(word)
    const error = await errorOf((await startConsent(setup.options())).complete())
    expect([error.code, error.remedy, error.zohoError]).toEqual([code, remedy, word])
    expect(setup.events).toContainEqual(
      expect.objectContaining({ type: 'consent-failed', code, zohoError: word }),
    )
  })

  it.each<[string, string]>([
    ['invalid_scope', 'fix-configuration'],
    ['unauthorized_client', 'fix-configuration'],
    ['general_error', 'ask-consent'],
    ['server_error', 'ask-consent'],
  ])('%s is on the error of a callback, with the remedy %s', async (word, remedy) => {
    const setup = await startSetup()
    const error = await errorOf((await startConsent(setup.options())).complete({ error: word }))
    expect([error.code, error.remedy, error.zohoError, error.connection]).toEqual([
      'consent-failed',
      remedy,
      word,
      'acme',
    ])
    expect(error.message).not.toContain(word)
  })

  it('has only characters of RFC 6749, and at most 64 of them', async () => {
    const setup = await startSetup()
    const word = `<b>"quoted"\\\u202e\n\u0000${'x'.repeat(100)}`
    const error = await errorOf((await startConsent(setup.options())).complete({ error: word }))
    expect(error.zohoError).toBe(`<b>quoted${'x'.repeat(55)}`)
  })

  it('is dropped if it repeats the state of the callback', async () => {
    const setup = await startSetup()
    const browser = await startConsent(setup.options())
    const error = await errorOf(browser.complete({ error: `bad_${browser.state}` }))
    expect([error.code, error.zohoError]).toEqual(['consent-failed', undefined])
  })

  it('is dropped if it repeats a token of the same response', async () => {
    const { script, time, acme } = await startConnected()
    time.advance(61 * minute)
    const token = '1000.abcdefghijklmnopqrstuvwxyz'
    script.token = json({ refresh_token: token, error: `new ${token}` })
    expect((await errorOf(acme.accessToken())).zohoError).toBe(undefined)
  })

  it('is dropped if it repeats a secret of the request', async () => {
    const { script, time, acme, events } = await startConnected()
    time.advance(61 * minute)
    script.token = (response, request) =>
      refusal(`bad ${request.form.get('refresh_token')?.slice(0, 12)}`)(response, request)
    expect((await errorOf(acme.accessToken())).zohoError).toBe(undefined)
    expect(JSON.stringify(events)).not.toContain('bad ')
  })
})

it('a refused refresh of a Self Client grant names the console, not /connect', async () => {
  const { script, time, acme } = await startConnected()
  time.advance(61 * minute)
  script.token = refusal('invalid_code')
  for (let call = 0; call < 2; call++) {
    const error = await errorOf(acme.accessToken())
    expect([error.code, error.hint]).toEqual([
      'needs-consent',
      "Create a new code in Zoho's API console, and pass its `dataCenter`.",
    ])
  }
})

it('a refused consent has the word of Zoho', async () => {
  const setup = await startSetup()
  const error = await errorOf(
    (await startConsent(setup.options())).complete({ error: 'access_denied' }),
  )
  expect([error.code, error.zohoError]).toEqual(['consent-refused', 'access_denied'])
})

it('a failed revocation contains the error of the accounts server', async () => {
  const { script, acme } = await startConnected()
  script.revoke = script.token = refusal('general_error')
  const error = await errorOf(acme.revoke())
  expect([error.code, error.errors?.map(({ code, zohoError }) => [code, zohoError])]).toEqual([
    'revocation-failed',
    [['accounts-server-error', 'general_error']],
  ])
})

it('an accounts server with a path is not reported as a missing data center', async () => {
  const setup = await startSetup()
  const browser = await startConsent(setup.options())
  const server = `${setup.server.origin}/oauth`
  const error = await errorOf(browser.complete({ code: '1000.c', 'accounts-server': server }))
  expect([error.code, error.message]).toEqual([
    'data-center-unknown',
    expect.stringMatching(/has a path, a query or user info.*must be an origin/),
  ])
})

it('the origin of an unknown accounts server is on the error, not in its message', async () => {
  const setup = await startSetup()
  const callbacks = {
    'https://accounts.zoho.mars/oauth?x=1': 'https://accounts.zoho.mars',
    'https://user:secret@Accounts.zoho.mars:8443': 'https://accounts.zoho.mars:8443',
    'javascript:alert(1)': undefined,
    '<script>': undefined,
  }
  for (const [server, origin] of Object.entries(callbacks)) {
    const browser = await startConsent(setup.options())
    const error = await errorOf(browser.complete({ code: '1000.c', 'accounts-server': server }))
    expect([error.code, error.accountsServer]).toEqual(['data-center-unknown', origin])
    expect(error.message).not.toMatch(/mars|script/)
  }
})

describe('a Self Client code that fails', () => {
  it.each<[string, Parameters<typeof setToken>[0]]>([
    ['code-rejected', refusal('invalid_code')],
    ['exchange-outcome-unknown', drop],
    ['refresh-token-missing', tokens({ refresh_token: '' })],
    ['accounts-server-error', refusal('general_error')],
  ])('has a hint for %s that fits', async (code, reply) => {
    const setup = await startSetup()
    setToken.call(setup.script, reply)
    const work = setup
      .client()
      .connection('acme')
      .exchangeSelfClientCode('1000.self.client', { principal: 'ann' })
    const error = await errorOf(work)
    expect([error.code, error.connection]).toEqual([code, 'acme'])
    expect(error.hint).toMatch(
      /create a new code in Zoho's API console, and pass its `dataCenter`/i,
    )
    expect(error.hint).not.toContain('/connect')
  })
})

function setToken(this: { token: unknown }, reply: ReturnType<typeof refusal>): void {
  this.token = reply
}

it("a word of Zoho, and an accounts server's origin, are on no page", async () => {
  const setup = await startSetup()
  const zoho = setup.client()
  for (const [parameters, found] of [
    [{ error: 'unauthorized_client' }, 'unauthorized_client'],
    [{ code: '1000.c', 'accounts-server': 'https://accounts.zoho.mars' }, 'mars'],
  ] as const)
    for (const accept of ['text/html', 'application/json']) {
      const { url, setCookie } = await zoho.startAuthorization({ id: 'acme', principal: 'ann' })
      const state = new URL(url).searchParams.get('state') as string
      const query = new URLSearchParams({ state, ...parameters })
      const response = await zoho.handle(
        new Request(`https://app.example.com/zoho/callback?${query}`, {
          headers: { accept, cookie: setCookie.split(';')[0] as string },
        }),
      )
      expect(response?.status).toBeGreaterThanOrEqual(500)
      expect(await response?.text()).not.toContain(found)
      expect(JSON.stringify(setup.events.at(-1))).toContain(found)
    }
})

it('a grant is not dropped because of its lifetime', async () => {
  for (const expires_in of [0, '', 1_799.5, undefined, null, -1, 'soon']) {
    const setup = await startSetup()
    setup.script.token = grant({ expires_in })
    await (await startConsent(setup.options())).complete()
    const { accessToken } = await setup.client().connection('acme').status()
    expect(accessToken?.expiresInMs).toBeGreaterThan(59 * minute)
  }
})

it('an empty refresh token is a missing one', async () => {
  const setup = await startSetup()
  setup.script.token = json({ access_token: '1000.abcdefghijklmnop', refresh_token: '' })
  const error = await errorOf((await startConsent(setup.options())).complete())
  expect(error.code).toBe('refresh-token-missing')
})
