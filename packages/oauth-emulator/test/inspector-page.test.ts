import { describe, expect, it } from 'vitest'
import { countdown, duration } from '../src/inspector/view/format.ts'
import { authorizationUrl, connect, consent, exchange, refresh, start } from './support.ts'
import { control, snapshot, pageOf } from './inspector.ts'

describe('the page', () => {
  it('is on every accounts server, says “not Zoho”, and loads no resources', async () => {
    const emulator = await start()
    for (const at of ['us', 'eu', 'in'] as const) {
      const redirected = await fetch(control(emulator, '', at), { redirect: 'manual' })
      expect([redirected.status, redirected.headers.get('location')]).toEqual([303, '/_emulator/'])
      const response = await fetch(control(emulator, '/', at))
      expect(response.status).toBe(200)
      const text = await response.text()
      expect(text).toContain('not Zoho')
      expect(text).not.toMatch(/\bsrc=|@import|url\(/)
      expect(
        [...text.matchAll(/<(?:link|a)[^>]*href="(?!data:,|\/_emulator\/)([^"]*)"/g)].map(
          ([, href]) => href?.split('?')[0],
        ),
      ).toEqual([`${emulator.dataCenters.us.accountsServer}/oauth/v2/auth`])
    }
  })

  it('allows its script and style by a new nonce for each request', async () => {
    const emulator = await start()
    const nonces = new Set<string>()
    for (let times = 0; times < 2; times += 1) {
      const response = await fetch(control(emulator))
      const policy = response.headers.get('content-security-policy') ?? ''
      const nonce = /script-src 'nonce-([0-9a-f]{32})';/.exec(policy)?.[1] ?? ''
      expect(policy).toBe(
        `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; ` +
          "img-src data:; connect-src 'self'; form-action 'self'; base-uri 'none'; " +
          "frame-ancestors 'none'",
      )
      const text = await response.text()
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

  it('shows the first steps with a working authorization request', async () => {
    const emulator = await start()
    const text = await pageOf(emulator)
    expect(text).toContain('Nobody has connected yet')
    const link =
      /href="([^"]*oauth\/v2\/auth[^"]*)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? ''
    expect((await fetch(link)).status).toBe(200)
  })

  it('shortens tokens to six characters, and hides the secret until it is opened', async () => {
    const emulator = await start()
    const code = await consent(emulator)
    const { accessToken, refreshToken } = await connect(emulator)
    const [text, view, data] = [
      await pageOf(emulator),
      await (await fetch(control(emulator, '/view'))).text(),
      JSON.stringify(await snapshot(emulator)),
    ]
    for (const output of [text, view, data]) {
      for (const token of [accessToken, refreshToken]) expect(output).toContain(token.slice(-6))
      for (const secret of [code, accessToken, refreshToken])
        expect(output).not.toContain(secret.slice(-7))
    }
    expect(text.split(emulator.client.secret)).toHaveLength(2)
    expect(text).toContain(
      `<details><summary>Show</summary><code>${emulator.client.secret}</code></details>`,
    )
    expect(data).not.toContain(emulator.client.secret)
  })

  it('escapes markup in values', async () => {
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

  it('accepts only GET and its forms', async () => {
    const emulator = await start()
    expect((await fetch(control(emulator), { method: 'DELETE' })).status).toBe(404)
    expect((await fetch(control(emulator, '/view'), { method: 'POST' })).status).toBe(404)
  })
})

describe('the snapshot', () => {
  it('has the use of each budget and the end of its block', async () => {
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
        refreshTokenBudget: { used: 1, limit: 5, windowSeconds: 60 },
        refreshTokenCount: { valid: 1, limit: 20 },
      },
      {
        dataCenter: 'eu',
        name: 'Lena Vogel',
        refreshTokenBudget: { used: 1 },
        refreshTokens: [{ accessTokenBudget: { used: 1, limit: 2, blockedUntil: null } }],
      },
    ])
    const [token] = users[0].refreshTokens
    expect(token).toMatchObject({
      token: refreshToken.slice(-6),
      accessTokenBudget: { used: 2, limit: 2 },
      accessTokenCount: { valid: 2, limit: 7 },
    })
    expect(token.accessTokenBudget.blockedUntil - now).toBeGreaterThan(500_000)

    emulator.advanceClock(601)
    expect((await snapshot(emulator)).users[0]).toMatchObject({
      refreshTokenBudget: { used: 0 },
      refreshTokens: [{ accessTokenBudget: { used: 0, blockedUntil: null } }],
    })
  })

  it('has the remaining time of access tokens', async () => {
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

  it('has users without a refresh token, newest events first, and the clock advance', async () => {
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

describe('the history', () => {
  it('highlights evictions, blocks and faults', async () => {
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
          'evicted: too many valid access tokens</p>',
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

  it('shows only the newest events', async () => {
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
])('formats %i seconds as %s and %s', (seconds, long, short) => {
  expect([duration(seconds), countdown(seconds)]).toEqual([long, short])
})
