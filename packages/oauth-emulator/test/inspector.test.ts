import { describe, expect, it } from 'vitest'
import { targets, faultPresets } from '../src/inspector/presets.ts'
import { countdown, duration } from '../src/inspector/view/words.ts'
import { authorizationUrl, connect, consent, exchange, refresh, start } from './support.ts'

type Emulated = Awaited<ReturnType<typeof start>>
type At = 'us' | 'eu' | 'in'
const door = (emulator: Emulated, path = '/', at: At = 'us') =>
  `${emulator.dataCenters[at].accountsServer}/_emulator${path}`
const snapshot = async (emulator: Emulated) =>
  await (await fetch(door(emulator, '/snapshot'))).json()
const pageOf = async (emulator: Emulated) => (await fetch(door(emulator))).text()
const press = (
  emulator: Emulated,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
) =>
  fetch(door(emulator), {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers,
    redirect: 'manual',
  })

describe('the page', () => {
  it('is on every accounts server, says that it is not Zoho, and loads nothing from elsewhere', async () => {
    const emulator = await start()
    for (const at of ['us', 'eu', 'in'] as const) {
      const redirected = await fetch(door(emulator, '', at), { redirect: 'manual' })
      expect([redirected.status, redirected.headers.get('location')]).toEqual([303, '/_emulator/'])
      const answer = await fetch(door(emulator, '/', at))
      expect(answer.status).toBe(200)
      const text = await answer.text()
      expect(text).toContain('not Zoho')
      expect(text).not.toMatch(/\bsrc=|@import|url\(/)
      expect(
        [...text.matchAll(/<(?:link|a)[^>]*href="(?!data:,|\/_emulator\/)([^"]*)"/g)].map(
          ([, href]) => href?.split('?')[0],
        ),
      ).toEqual([`${emulator.dataCenters.us.accountsServer}/oauth/v2/auth`])
    }
  })

  it('runs and styles itself by a nonce of its own, new each time', async () => {
    const emulator = await start()
    const nonces = new Set<string>()
    for (let times = 0; times < 2; times += 1) {
      const answer = await fetch(door(emulator))
      const policy = answer.headers.get('content-security-policy') ?? ''
      const nonce = /script-src 'nonce-([0-9a-f]{32})';/.exec(policy)?.[1] ?? ''
      expect(policy).toBe(
        `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; ` +
          "img-src data:; connect-src 'self'; form-action 'self'; base-uri 'none'; " +
          "frame-ancestors 'none'",
      )
      const text = await answer.text()
      expect([...text.matchAll(/<(script|style)( [^>]*)?>/g)].map(([tag]) => tag)).toEqual([
        `<style nonce="${nonce}">`,
        `<script nonce="${nonce}">`,
      ])
      expect(text).not.toMatch(/ (style|on\w+)="/)
      expect(text).not.toMatch(/innerHTML|insertAdjacentHTML|document\.write|eval\(/)
      nonces.add(nonce)
    }
    expect(nonces.size).toBe(2)
  })

  it('says what to do first, with an authorization request that works', async () => {
    const emulator = await start()
    const text = await pageOf(emulator)
    expect(text).toContain('Nobody has connected yet')
    const link =
      /href="([^"]*oauth\/v2\/auth[^"]*)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? ''
    expect((await fetch(link)).status).toBe(200)
  })

  it('shows tokens by their last six characters alone, and the secret in what must be opened', async () => {
    const emulator = await start()
    const code = await consent(emulator)
    const { accessToken, refreshToken } = await connect(emulator)
    const [text, view, data] = [
      await pageOf(emulator),
      await (await fetch(door(emulator, '/view'))).text(),
      JSON.stringify(await snapshot(emulator)),
    ]
    for (const shown of [text, view, data]) {
      for (const token of [accessToken, refreshToken]) expect(shown).toContain(token.slice(-6))
      for (const secret of [code, accessToken, refreshToken])
        expect(shown).not.toContain(secret.slice(-7))
    }
    expect(text.split(emulator.client.secret)).toHaveLength(2)
    expect(text).toContain(
      `<details><summary>Show</summary><code>${emulator.client.secret}</code></details>`,
    )
    expect(data).not.toContain(emulator.client.secret)
  })

  it('shows hostile values as text', async () => {
    const hostile = '"><img src=x onerror=alert(1)><script>alert(1)</script>'
    const emulator = await start({
      clientName: hostile,
      redirectUris: ['http://a.example/"><img>'],
    })
    emulator.addFault({ on: 'token', kind: 'error', error: hostile })
    emulator.addFault({ on: 'api', kind: 'redirect', location: hostile })
    await connect(emulator).catch(() => undefined)
    await fetch(`${emulator.dataCenters.us.recruitApi}/%3Cimg%3E/"><img>`, { redirect: 'manual' })
    const text = await pageOf(emulator)
    expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;')
    expect(text).not.toContain('<img')
    expect(text.match(/<script/g)).toHaveLength(1)
  })

  it('takes nothing but GET and the forms', async () => {
    const emulator = await start()
    expect((await fetch(door(emulator), { method: 'DELETE' })).status).toBe(404)
    expect((await fetch(door(emulator, '/view'), { method: 'POST' })).status).toBe(404)
  })
})

describe('the snapshot', () => {
  it('tells what of each budget is spent, and until when it is blocked', async () => {
    const emulator = await start({
      accessTokenBudget: { limit: 2, windowSeconds: 600 },
      liveAccessTokens: 7,
    })
    await exchange(emulator, await consent(emulator, 'eu'), 'eu')
    const { refreshToken } = await connect(emulator)
    for (let times = 0; times < 2; times += 1) await refresh(emulator, refreshToken)
    const { client, users, now } = await snapshot(emulator)
    expect(client.codes).toEqual({
      budget: 'authorizationCodeBudget',
      used: 1,
      limit: 10,
      windowSeconds: 600,
      blockedUntil: null,
    })
    expect(users).toMatchObject([
      {
        dataCenter: 'us',
        name: 'Maya Brooks',
        made: { used: 1, limit: 5, windowSeconds: 60 },
        living: { alive: 1, limit: 20 },
      },
      {
        dataCenter: 'eu',
        name: 'Lena Vogel',
        made: { used: 1 },
        refreshTokens: [{ requests: { used: 1, limit: 2, blockedUntil: null } }],
      },
    ])
    const [token] = users[0].refreshTokens
    expect(token).toMatchObject({
      token: refreshToken.slice(-6),
      requests: { used: 2, limit: 2 },
      living: { alive: 2, limit: 7 },
    })
    expect(token.requests.blockedUntil - now).toBeGreaterThan(500_000)

    emulator.advanceClock(601)
    expect((await snapshot(emulator)).users[0]).toMatchObject({
      made: { used: 0 },
      refreshTokens: [{ requests: { used: 0, blockedUntil: null } }],
    })
  })

  it('counts down what access tokens have left', async () => {
    const emulator = await start()
    const { accessToken } = await connect(emulator)
    emulator.advanceClock(3500)
    const [token] = (await snapshot(emulator)).users[0].refreshTokens[0].accessTokens
    expect(token).toEqual({
      token: accessToken.slice(-6),
      secondsLeft: expect.any(Number),
      lifeSeconds: 3600,
    })
    expect(token.secondsLeft).toBeGreaterThan(60)
    expect(token.secondsLeft).toBeLessThanOrEqual(100)
    expect(await pageOf(emulator)).toContain('class="life low"')
    emulator.advanceClock(100)
    expect((await snapshot(emulator)).users[0].refreshTokens[0].accessTokens).toEqual([])
  })

  it('has a user without a refresh token, newest happenings first, and how far the clock was pushed', async () => {
    const emulator = await start()
    await exchange(emulator, await consent(emulator, 'us', { access_type: 'online' }))
    emulator.advanceClock(90)
    const { users, journal, aheadSeconds } = await snapshot(emulator)
    expect(users).toMatchObject([
      { dataCenter: 'us', refreshTokens: [], accessTokens: [{ lifeSeconds: 3600 }] },
    ])
    expect(journal).toEqual([...emulator.journal()].toReversed())
    expect(aheadSeconds).toBe(90)
  })
})

describe('the buttons', () => {
  it('push the clock, end access tokens, revoke as the user, and reset', async () => {
    const emulator = await start()
    await connect(emulator)
    await connect(emulator, 'eu')
    const pressed = await press(emulator, { press: 'clock', seconds: '600' })
    expect([pressed.status, pressed.headers.get('location')]).toEqual([303, '/_emulator/'])
    expect((await snapshot(emulator)).aheadSeconds).toBe(600)
    await press(emulator, { press: 'end-access-tokens' })
    expect(emulator.tokens()).toMatchObject({ accessTokens: [], refreshTokens: [{}, {}] })
    await press(emulator, { press: 'revoke', account: 'eu' })
    expect(emulator.tokens().refreshTokens).toMatchObject([{ dataCenter: 'us' }])
    await press(emulator, { press: 'reset' })
    expect(emulator.tokens()).toMatchObject({ accessTokens: [], refreshTokens: [] })
    expect((await snapshot(emulator)).aheadSeconds).toBe(0)
  })

  it.each(
    Object.keys(faultPresets).flatMap((trouble) =>
      Object.keys(targets).map((target) => [trouble, target] as const),
    ),
  )('switch on %s at %s, with its own words', async (trouble, target) => {
    const emulator = await start()
    expect(
      (await press(emulator, { press: 'add-fault', trouble, target, times: '3', dataCenter: 'eu' }))
        .status,
    ).toBe(303)
    expect(emulator.faults()).toMatchObject([
      { ...faultPresets[trouble]?.trouble, ...targets[target]?.place, times: 3, dataCenter: 'eu' },
    ])
    const text = await pageOf(emulator)
    expect(text).toContain(
      `<b>${faultPresets[trouble]?.label}</b><small>${targets[target]?.label} · eu · 3 times ` +
        'more · struck 0 times</small>',
    )
  })

  it('switch faults off, one and all', async () => {
    const emulator = await start()
    const fields = { press: 'add-fault', trouble: 'html', target: 'api', times: '', dataCenter: '' }
    for (let times = 0; times < 3; times += 1) await press(emulator, fields)
    const [first] = emulator.faults()
    expect(first).toEqual({ id: first?.id, on: 'api', kind: 'html', struck: 0, left: null })
    await press(emulator, { press: 'clear-fault', id: first?.id ?? '' })
    expect(emulator.faults()).toHaveLength(2)
    await press(emulator, { press: 'clear-faults' })
    expect(emulator.faults()).toEqual([])
  })

  it.each<[string, Record<string, string>]>([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling', { 'sec-fetch-site': 'same-site' }],
    ['another origin, in a browser without Sec-Fetch-Site', { origin: 'https://evil.example' }],
    ['an origin that is hidden', { origin: 'null' }],
    ['another site that has the right origin', { 'sec-fetch-site': 'cross-site', origin: 'OWN' }],
  ])('cannot be pressed from %s', async (_, headers) => {
    const emulator = await start()
    await connect(emulator)
    const sent =
      headers['origin'] === 'OWN'
        ? { ...headers, origin: emulator.dataCenters.us.accountsServer }
        : headers
    const answer = await press(emulator, { press: 'reset' }, sent)
    expect(answer.status).toBe(403)
    expect(await answer.text()).toContain('Another website sent this request')
    expect(emulator.tokens().refreshTokens).toHaveLength(1)
  })

  it.each([{ 'sec-fetch-site': 'same-origin', origin: 'null' }, { origin: 'OWN' }, {}])(
    'can be pressed on the page itself and without a browser: %j',
    async (headers: Record<string, string>) => {
      const emulator = await start()
      await connect(emulator)
      const sent =
        headers['origin'] === 'OWN' ? { origin: emulator.dataCenters.us.accountsServer } : headers
      expect((await press(emulator, { press: 'reset' }, sent)).status).toBe(303)
      expect(emulator.tokens().refreshTokens).toEqual([])
    },
  )

  it.each<[Record<string, string>, string]>([
    [{}, 'press: no such button'],
    [{ press: 'constructor' }, 'press: no such button'],
    [{ press: 'clock', seconds: 'x' }, 'advanceSeconds: not a number'],
    [{ press: 'revoke', account: 'mars' }, 'account: no user'],
    [{ press: 'clear-fault', id: 'x' }, 'id: no fault'],
    [
      { press: 'add-fault', trouble: 'toString', target: 'api' },
      'trouble: &quot;toString&quot; is not offered',
    ],
    [{ press: 'add-fault', trouble: 'html', target: '' }, 'target: &quot;&quot; is not offered'],
    [{ press: 'add-fault', trouble: 'html', target: 'api', times: '0' }, 'times: 0 does not fit'],
    [
      { press: 'add-fault', trouble: 'html', target: 'api', dataCenter: 'mars' },
      'dataCenter: &quot;mars&quot; does not fit',
    ],
  ])('answer wrong forms with cause and cure: %j', async (fields, cause) => {
    const emulator = await start()
    const answer = await press(emulator, fields)
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain(cause)
  })
})

describe('what happened', () => {
  it('makes evictions, blocks and faults stand out', async () => {
    const emulator = await start({
      accessTokenBudget: { limit: 2, windowSeconds: 600 },
      liveAccessTokens: 1,
    })
    await fetch(authorizationUrl(emulator))
    const { accessToken, refreshToken } = await connect(emulator)
    for (let times = 0; times < 2; times += 1) await refresh(emulator, refreshToken)
    emulator.addFault({ on: 'token', kind: 'throttle', language: 'zh', times: 1 })
    await refresh(emulator, refreshToken)
    const text = await pageOf(emulator)
    expect(text).toMatch(
      new RegExp(
        `<li class="alarm"[^>]*>.*?Access token <code>…${accessToken.slice(-6)}</code> ` +
          'pushed out: too many access tokens were alive</p>',
      ),
    )
    expect(text).toMatch(
      new RegExp(
        '<li class="alarm"[^>]*>(?:(?!</li>).)*Too many token requests with ' +
          `<code>…${refreshToken.slice(-6)}</code>: no more until`,
      ),
    )
    expect(text).toContain(
      '<span class="pill fault">fault: throttle</span><span class="pill bad">400 拒绝访问</span>',
    )
    expect(text).toContain('<span class="pill good">200 page</span>')
    expect(text).toContain('Blocked until')
  })

  it('keeps the newest of many on the page', async () => {
    const emulator = await start()
    for (let times = 0; times < 70; times += 1)
      emulator.issueSelfClientCode({ scope: 'ZohoRecruit.modules.ALL', dataCenter: 'us' })
    const keys = [...(await pageOf(emulator)).matchAll(/<li class="issued" data-key="(\d+)"/g)].map(
      ([, key]) => Number(key),
    )
    expect(keys).toEqual(Array.from({ length: 60 }, (_, index) => 70 - index))
  })
})

it.each([
  [0, '0 s', '00:00'],
  [59, '59 s', '00:59'],
  [600, '10 min', '10:00'],
  [2530, '42 min 10 s', '42:10'],
  [3600, '1 h', '1:00:00'],
  [93_605, '1 d 2 h', '26:00:05'],
])('says %i seconds as %s and %s', (seconds, long, short) => {
  expect([duration(seconds), countdown(seconds)]).toEqual([long, short])
})
