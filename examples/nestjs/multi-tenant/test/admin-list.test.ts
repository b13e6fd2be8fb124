import { describe, expect, it } from 'vitest'
import { startAdminApp, statusesIn } from './admin-app.ts'
import { createEveryStatus } from './connections.ts'

const {
  emulator,
  database,
  signIn,
  key,
  formerKey,
  lostKey,
  sessionSecret,
  storeWithKeys,
  forgetAll,
} = startAdminApp()

describe('the list of connections', () => {
  it('explains why it is empty', async () => {
    const robin = await signIn('robin')
    expect((await robin.request('/admin')).text).toContain('There are no connections yet.')
    expect((await robin.request('/admin?tenant=lotus')).text).toContain(
      'This tenant has no connection.',
    )
    expect((await robin.request('/admin?pending=yes')).text).toContain('There is no pending work.')
    expect((await robin.request('/admin?after=zzz')).text).toContain(
      'There are no connections on this page.',
    )
  })

  it('shows status and account, and what to do about unreadable records', async () => {
    await createEveryStatus(database(), emulator, key, lostKey)
    const robin = await signIn('robin')
    const { text } = await robin.request('/admin')
    expect(statusesIn(text)).toEqual({
      'a-very-long-name-for-a-connection-without-any-place-to-break-it-0123456789': 'Connected',
      'bluebonnet-austin': 'Connected',
      'bluebonnet-boise': 'Disconnected',
      'bluebonnet-pune': 'Disconnecting',
      harm: 'Connected',
      'left-behind': 'Connected',
      'lotus-chengdu': 'Unreadable',
      'lotus-hangzhou': 'Connected',
      'lotus-suzhou': 'Unreadable',
      'nordlicht-hamburg': 'Connected',
      'nordlicht-kiel': 'Needs consent again',
      'quayside-leeds': 'Connected',
    })
    const rowOf = (id: string) =>
      new RegExp(`<code>${id}</code>\\s*</th>.*?</tr>`, 's').exec(text)?.[0] ?? ''
    const hamburg = rowOf('nordlicht-hamburg')
    expect(hamburg).toMatch(/since <time datetime="[^"]+Z">/)
    expect(hamburg).toMatch(
      /<bdi>Nordlicht Personal GmbH<\/bdi>.*as <bdi>Mara Lindholm<\/bdi>.*Europe/s,
    )
    expect(hamburg).toMatch(/Europe.*Fresh,\s+59 min left.*None/s)
    expect(rowOf('quayside-leeds')).toMatch(
      /unknown.*<code>ZohoRecruit.org.ALL<\/code><code>ZohoRecruit.users.READ<\/code>/s,
    )
    expect(rowOf('lotus-suzhou')).toMatch(
      /China.*was altered, or moved from another connection.*name="forget" value="lotus-suzhou"/s,
    )
    expect(rowOf('lotus-chengdu')).toMatch(
      /needs a key that ZOHO_ENCRYPTION_KEY does not have.*name="forget" value="lotus-chengdu"/s,
    )
    expect(rowOf('bluebonnet-pune')).toContain('Zoho has not confirmed the revocation yet')
    expect(text).toContain('no longer a tenant')
  })

  it('contains no secrets', async () => {
    const { text } = await (await signIn('robin')).request('/admin')
    const { accessTokens, refreshTokens } = emulator.tokens()
    const { envelope = '' } = (await storeWithKeys().read('nordlicht-hamburg')).record ?? {}
    const secrets = [...accessTokens, ...refreshTokens].map(({ token }) => token)
    expect(secrets.length).toBeGreaterThan(15)
    for (const secret of [
      ...secrets,
      key,
      formerKey,
      sessionSecret,
      emulator.client.secret,
      envelope,
    ]) {
      expect(secret.length).toBeGreaterThan(20)
      expect(text).not.toContain(secret)
      expect(text).not.toContain(encodeURIComponent(secret))
    }
  })

  it('escapes external names', async () => {
    const robin = await signIn('robin')
    const { text } = await robin.request('/admin')
    expect(text).toContain('<bdi>&#60;img src=x onerror=alert(1)&#62;&#34;&#39;&#38;</bdi>')
    const filtered = (
      await robin.request(
        `/admin?${new URLSearchParams({ tenant: '"><script>alert(1)</script>' })}`,
      )
    ).text
    expect(statusesIn(filtered)).toEqual({ harm: 'Connected' })
    for (const page of [text, filtered]) expect(page).not.toMatch(/<(img|script|b>Eve)/)
  })

  it('is filtered by tenant and by pending work', async () => {
    const robin = await signIn('robin')
    expect(statusesIn((await robin.request('/admin?tenant=bluebonnet')).text)).toEqual({
      'bluebonnet-austin': 'Connected',
      'bluebonnet-boise': 'Disconnected',
      'bluebonnet-pune': 'Disconnecting',
    })
    expect(statusesIn((await robin.request('/admin?pending=yes')).text)).toEqual({
      'bluebonnet-pune': 'Disconnecting',
    })
    expect(statusesIn((await robin.request('/admin?tenant=lotus&pending=yes')).text)).toEqual({})
    expect(
      statusesIn((await robin.request('/admin?tenant=lotus&tenant=nordlicht')).text),
    ).toHaveProperty('bluebonnet-austin')
  })

  it('forgets only unreadable records', async () => {
    const robin = await signIn('robin')
    const refused = await robin.submit('/admin', { forget: 'lotus-hangzhou' })
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('can be read')])
    const done = await robin.submit('/admin?tenant=lotus', { forget: 'lotus-suzhou' })
    expect([done.text.includes('The record was removed'), statusesIn(done.text)]).toEqual([
      true,
      { 'lotus-chengdu': 'Unreadable', 'lotus-hangzhou': 'Connected' },
    ])
    await forgetAll()
  })

  it('is paginated', async () => {
    const { connect } = storeWithKeys()
    emulator.configure({ refreshTokenBudget: { limit: 100, windowSeconds: 60 } })
    for (let index = 10; index < 40; index++)
      await connect({ id: `office-${index}`, principal: 'nordlicht', organization: 'Nordlicht' })
    const robin = await signIn('robin')
    const first = (await robin.request('/admin?tenant=nordlicht')).text
    const next = /rel="next" href="([^"]*)"/.exec(first)?.[1]?.replaceAll('&#38;', '&') ?? ''
    const second = (await robin.request(next)).text
    expect([Object.keys(statusesIn(first)).length, Object.keys(statusesIn(second))]).toEqual([
      25,
      [35, 36, 37, 38, 39].map((index) => `office-${index}`),
    ])
    expect([
      second.includes('rel="next"'),
      second.includes('href="/admin?tenant=nordlicht">First page'),
    ]).toEqual([false, true])
    await forgetAll()
  })
})
