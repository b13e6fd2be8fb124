import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { connectionsIn, everyStatus } from './connections.ts'
import { running } from './running.ts'

const [key, formerKey, lostKey] = [1, 2, 3].map(() => randomBytes(32).toString('base64')) as [
  string,
  string,
  string,
]
const sessionSecret = randomBytes(32).toString('base64')
const { emulator, database, signedIn } = running({
  ZOHO_ENCRYPTION_KEY: `${key},${formerKey}`,
  SESSION_SECRET: sessionSecret,
  RESUME_SECONDS: '1',
})
const inStore = (keys = [key]) => connectionsIn(database(), emulator, keys)

/** The status labels on the page, by connection id. */
const listed = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/<code>([^<]*)<\/code><\/th>.*?<span class="badge [\w-]+">([^<]*)</gs)].map(
      ([, id, status]) => [id, status],
    ),
  )

const forgetAll = async (): Promise<void> => {
  const { store } = inStore()
  for (const { id } of await store.list({ limit: 1000 }))
    await store.write(id, undefined, (await store.read(id)).record?.revision ?? 'absent')
  emulator.reset()
}

describe('who may see it', () => {
  it('is the product’s own staff: nobody of a tenant, and nobody who is signed out, by link or by button', async () => {
    const [mara, robin] = [await signedIn('mara'), await signedIn('robin')]
    await mara.connect()
    for (const answer of [
      await mara.at('/admin'),
      await mara.at('/admin?tenant=nordlicht'),
      await mara.press('/admin', { disconnect: 'nordlicht' }),
      await mara.press('/admin', { reseal: 'all' }),
    ]) {
      expect([answer.status, answer.text.includes('nordlicht-hamburg')]).toEqual([403, false])
    }
    await mara.at('/sign-out', { method: 'POST' })
    expect((await mara.at('/admin')).headers.get('location')).toBe('/sign-in?returnTo=%2Fadmin')
    expect((await mara.press('/admin', { disconnect: 'nordlicht' })).status).toBe(401)
    expect(listed((await robin.at('/admin')).text)).toEqual({ 'nordlicht-hamburg': 'Connected' })
  })

  it('and the staff has no business on the tenants’ pages, nor a connection', async () => {
    const robin = await signedIn('robin')
    expect((await robin.at('/')).headers.get('location')).toBe('/admin')
    expect([
      (await robin.at('/candidates')).status,
      (await robin.at('/team')).status,
      (await robin.at('/zoho/connect')).status,
    ]).toEqual([403, 403, 401])
  })

  it('buttons are not for other sites to press', async () => {
    const robin = await signedIn('robin')
    for (const button of [
      { disconnect: 'nordlicht' },
      { forget: 'nordlicht-hamburg' },
      { resume: 'now' },
      { reseal: 'all' },
    ]) {
      expect(
        (
          await robin.press('/admin', button as Record<string, string>, {
            'sec-fetch-site': 'cross-site',
            origin: 'https://evil.example',
          })
        ).status,
      ).toBe(403)
    }
    expect(listed((await robin.at('/admin')).text)).toEqual({ 'nordlicht-hamburg': 'Connected' })
    expect((await robin.press('/admin', { explode: 'now' })).status).toBe(400)
    await forgetAll()
  })
})

describe('the list', () => {
  it('says so when it is empty, and why', async () => {
    const robin = await signedIn('robin')
    expect((await robin.at('/admin')).text).toContain('Nobody has connected yet.')
    expect((await robin.at('/admin?tenant=lotus')).text).toContain('This tenant has no connection.')
    expect((await robin.at('/admin?unfinished=yes')).text).toContain('Nothing is unfinished.')
    expect((await robin.at('/admin?after=zzz')).text).toContain('Nothing on this page.')
  })

  it('shows every status in words, whose account it is, and what to do about what cannot be read', async () => {
    await everyStatus(database(), emulator, key, lostKey)
    const robin = await signedIn('robin')
    const { text } = await robin.at('/admin')
    expect(listed(text)).toEqual({
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
      new RegExp(`<code>${id}</code></th>.*?</tr>`, 's').exec(text)?.[0] ?? ''
    expect(rowOf('nordlicht-hamburg')).toMatch(
      /since <time datetime="[^"]+Z">.*<bdi>Nordlicht Personal GmbH<\/bdi>.*as <bdi>Mara Lindholm<\/bdi>.*Europe.*Fresh,\s+59 min left.*None/s,
    )
    expect(rowOf('quayside-leeds')).toMatch(
      /not told.*<code>ZohoRecruit.org.READ<\/code><code>ZohoRecruit.users.READ<\/code>/s,
    )
    expect(rowOf('lotus-suzhou')).toMatch(
      /China.*was altered, or moved from another connection.*name="forget" value="lotus-suzhou"/s,
    )
    expect(rowOf('lotus-chengdu')).toMatch(
      /sealed with a key that ZOHO_ENCRYPTION_KEY has no more\. Put that key back.*name="forget" value="lotus-chengdu"/s,
    )
    expect(rowOf('bluebonnet-pune')).toContain('Zoho has not confirmed yet')
    expect(text).toContain('no tenant of ours any more')
  })

  it('has nothing secret in it', async () => {
    const { text } = await (await signedIn('robin')).at('/admin')
    const { accessTokens, refreshTokens } = emulator.tokens()
    const { envelope = '' } = (await inStore().read('nordlicht-hamburg')).record ?? {}
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

  it('shows names from outside as text', async () => {
    const robin = await signedIn('robin')
    const { text } = await robin.at('/admin')
    expect(text).toContain('<bdi>&#60;img src=x onerror=alert(1)&#62;&#34;&#39;&#38;</bdi>')
    const filtered = (
      await robin.at(`/admin?${new URLSearchParams({ tenant: '"><script>alert(1)</script>' })}`)
    ).text
    expect(listed(filtered)).toEqual({ harm: 'Connected' })
    for (const page of [text, filtered]) expect(page).not.toMatch(/<(img|script|b>Eve)/)
  })

  it('is filtered by tenant and by what is unfinished', async () => {
    const robin = await signedIn('robin')
    expect(listed((await robin.at('/admin?tenant=bluebonnet')).text)).toEqual({
      'bluebonnet-austin': 'Connected',
      'bluebonnet-boise': 'Disconnected',
      'bluebonnet-pune': 'Disconnecting',
    })
    expect(listed((await robin.at('/admin?unfinished=yes')).text)).toEqual({
      'bluebonnet-pune': 'Disconnecting',
    })
    expect(listed((await robin.at('/admin?tenant=lotus&unfinished=yes')).text)).toEqual({})
    expect(listed((await robin.at('/admin?tenant=lotus&tenant=nordlicht')).text)).toHaveProperty(
      'bluebonnet-austin',
    )
  })

  it('forgets what cannot be read, and nothing else', async () => {
    const robin = await signedIn('robin')
    const refused = await robin.press('/admin', { forget: 'lotus-hangzhou' })
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('can be read')])
    const done = await robin.press('/admin?tenant=lotus', { forget: 'lotus-suzhou' })
    expect([done.text.includes('The record is gone'), listed(done.text)]).toEqual([
      true,
      { 'lotus-chengdu': 'Unreadable', 'lotus-hangzhou': 'Connected' },
    ])
    await forgetAll()
  })

  it('comes in pages', async () => {
    const { connect } = inStore()
    emulator.configure({ refreshTokenBudget: { limit: 100, windowSeconds: 60 } })
    for (let index = 10; index < 40; index++)
      await connect({ id: `office-${index}`, principal: 'nordlicht', organization: 'Nordlicht' })
    const robin = await signedIn('robin')
    const first = (await robin.at('/admin?tenant=nordlicht')).text
    const next = /rel="next" href="([^"]*)"/.exec(first)?.[1]?.replaceAll('&#38;', '&') ?? ''
    const second = (await robin.at(next)).text
    expect([Object.keys(listed(first)).length, Object.keys(listed(second))]).toEqual([
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

describe('the buttons', () => {
  it('disconnect a tenant as far as Zoho lets them, and the app finishes the rest by itself', async () => {
    const [dana, asha, mara, robin] = [
      await signedIn('dana'),
      await signedIn('asha'),
      await signedIn('mara'),
      await signedIn('robin'),
    ]
    for (const one of [dana, asha, mara]) await one.connect()
    emulator.addFault({ on: 'revoke', dataCenter: 'in', kind: 'status', status: 503 })
    const half = (await robin.press('/admin?tenant=bluebonnet', { disconnect: 'bluebonnet' })).text
    expect(half).toContain('Disconnected: 1 of 2 connections')
    expect(half).toMatch(
      /<code>bluebonnet-pune<\/code>:\s+Nobody uses it any more, but Zoho has not confirmed\.\s+It is tried again by itself, not before <time datetime="[^"]+">[^<]*:\d\d UTC/,
    )
    expect(listed(half)).toEqual({
      'bluebonnet-austin': 'Disconnected',
      'bluebonnet-pune': 'Disconnecting',
    })
    // Cut off here already.
    expect(
      (await asha.at('/candidates', { headers: { accept: 'application/json' } })).text,
    ).toContain('connection-revoked')
    expect((await asha.at('/')).text).toContain('Disconnecting')

    emulator.clearFaults()
    await expect
      .poll(async () => listed((await robin.at('/admin')).text), { timeout: 15_000, interval: 500 })
      .toEqual({
        'bluebonnet-austin': 'Disconnected',
        'bluebonnet-pune': 'Disconnected',
        'nordlicht-hamburg': 'Connected',
      })
    expect(emulator.tokens().refreshTokens.map(({ dataCenter }) => dataCenter)).toEqual(['eu'])
    expect((await robin.press('/admin', { resume: 'now' })).text).toContain(
      'Nothing was unfinished',
    )
    expect((await robin.press('/admin', { disconnect: 'nordlicht' })).text).toContain(
      'Disconnected: 1 connection<',
    )
    await forgetAll()
  })

  it('say when Zoho is still not to be asked', async () => {
    const [asha, robin] = [await signedIn('asha'), await signedIn('robin')]
    await asha.connect()
    emulator.addFault({ on: 'revoke', kind: 'status', status: 503 })
    await robin.press('/admin', { disconnect: 'bluebonnet' })
    expect((await robin.press('/admin', { resume: 'now' })).text).toMatch(
      /Finished: 0 of 1 connection<.*bluebonnet-pune.*not before <time/s,
    )
    await forgetAll()
  })

  it('reseal what was sealed with a former key, which can go then', async () => {
    const { connect } = inStore([formerKey])
    for (const id of ['one', 'two']) await connect({ id, principal: 'nordlicht' })
    const robin = await signedIn('robin')
    await expect(inStore().zoho.connection('one').status()).rejects.toMatchObject({
      code: 'key-unknown',
    })
    expect((await robin.press('/admin', { reseal: 'all' })).text).toContain(
      'Sealed with the current key: 2 connections',
    )
    expect(await inStore().zoho.connection('one').status()).toMatchObject({ status: 'active' })
    expect((await robin.press('/admin', { reseal: 'all' })).text).toContain(
      'All records were sealed with the current key already',
    )
    await connectionsIn(database(), emulator, [lostKey]).connect({
      id: 'three',
      principal: 'nordlicht',
    })
    expect((await robin.press('/admin', { reseal: 'all' })).text).toMatch(
      /problem" role="status".*<code>three<\/code>:\s+The record needs a key/s,
    )
    await forgetAll()
  })
})
