import { describe, expect, it } from 'vitest'
import { startAdminApp, statusesIn } from './admin-app.ts'

const { emulator, signIn, formerKey, lostKey, storeWithKeys, forgetAll } = startAdminApp({
  RECOVERY_SECONDS: '1',
})

describe('access to the admin page', () => {
  it('is for the staff, and refused to users of tenants and to signed-out users', async () => {
    const mara = await signIn('mara')
    const robin = await signIn('robin')
    await mara.connect()
    for (const response of [
      await mara.request('/admin'),
      await mara.request('/admin?tenant=nordlicht'),
      await mara.submit('/admin', { disconnect: 'nordlicht' }),
      await mara.submit('/admin', { reencrypt: 'all' }),
    ]) {
      expect([response.status, response.text.includes('nordlicht-hamburg')]).toEqual([403, false])
    }
    await mara.request('/sign-out', { method: 'POST' })
    expect((await mara.request('/admin')).headers.get('location')).toBe(
      '/sign-in?returnTo=%2Fadmin',
    )
    expect((await mara.submit('/admin', { disconnect: 'nordlicht' })).status).toBe(401)
    expect(statusesIn((await robin.request('/admin')).text)).toEqual({
      'nordlicht-hamburg': 'Connected',
    })
  })

  it('does not include the tenants’ pages or a connection', async () => {
    const robin = await signIn('robin')
    expect((await robin.request('/')).headers.get('location')).toBe('/admin')
    expect([
      (await robin.request('/candidates')).status,
      (await robin.request('/team')).status,
      (await robin.request('/zoho/connect')).status,
    ]).toEqual([403, 403, 401])
  })

  it('is refused to forms of other sites', async () => {
    const robin = await signIn('robin')
    for (const button of [
      { disconnect: 'nordlicht' },
      { forget: 'nordlicht-hamburg' },
      { recover: 'now' },
      { reencrypt: 'all' },
    ]) {
      expect(
        (
          await robin.submit('/admin', button as Record<string, string>, {
            'sec-fetch-site': 'cross-site',
            origin: 'https://evil.example',
          })
        ).status,
      ).toBe(403)
    }
    expect(statusesIn((await robin.request('/admin')).text)).toEqual({
      'nordlicht-hamburg': 'Connected',
    })
    expect((await robin.submit('/admin', { explode: 'now' })).status).toBe(400)
    await forgetAll()
  })
})

describe('the actions', () => {
  it('disconnect a tenant, and the app finishes what Zoho does not confirm', async () => {
    const dana = await signIn('dana')
    const asha = await signIn('asha')
    const mara = await signIn('mara')
    const robin = await signIn('robin')
    for (const user of [dana, asha, mara]) await user.connect()
    emulator.addFault({ on: 'revoke', dataCenter: 'in', kind: 'status', status: 503 })
    const partial = (await robin.submit('/admin?tenant=bluebonnet', { disconnect: 'bluebonnet' }))
      .text
    expect(partial).toContain('Disconnected: 1 of 2 connections')
    expect(partial).toMatch(
      /<code>bluebonnet-pune<\/code>:\s+Shortlist no longer uses it, but Zoho has not confirmed/,
    )
    expect(partial).toMatch(
      /Shortlist tries again automatically, not before <time datetime="[^"]+">[^<]*:\d\d UTC/,
    )
    expect(statusesIn(partial)).toEqual({
      'bluebonnet-austin': 'Disconnected',
      'bluebonnet-pune': 'Disconnecting',
    })
    // The app no longer uses the connection, although Zoho has not confirmed.
    expect(
      (await asha.request('/candidates', { headers: { accept: 'application/json' } })).text,
    ).toContain('connection-revoked')
    expect((await asha.request('/')).text).toContain('Disconnecting')

    emulator.clearFaults()
    await expect
      .poll(async () => statusesIn((await robin.request('/admin')).text), {
        timeout: 15_000,
        interval: 500,
      })
      .toEqual({
        'bluebonnet-austin': 'Disconnected',
        'bluebonnet-pune': 'Disconnected',
        'nordlicht-hamburg': 'Connected',
      })
    expect(emulator.tokens().refreshTokens.map(({ dataCenter }) => dataCenter)).toEqual(['eu'])
    expect((await robin.submit('/admin', { recover: 'now' })).text).toContain(
      'There was no pending work',
    )
    expect((await robin.submit('/admin', { disconnect: 'nordlicht' })).text).toContain(
      'Disconnected: 1 connection<',
    )
    await forgetAll()
  })

  it('report when Zoho may be called again', async () => {
    const asha = await signIn('asha')
    const robin = await signIn('robin')
    await asha.connect()
    emulator.addFault({ on: 'revoke', kind: 'status', status: 503 })
    await robin.submit('/admin', { disconnect: 'bluebonnet' })
    expect((await robin.submit('/admin', { recover: 'now' })).text).toMatch(
      /Finished: 0 of 1 connection<.*bluebonnet-pune.*not before <time/s,
    )
    await forgetAll()
  })

  it('re-encrypt records, so that the former key can be removed', async () => {
    const { connect } = storeWithKeys([formerKey])
    for (const id of ['one', 'two']) await connect({ id, principal: 'nordlicht' })
    const robin = await signIn('robin')
    await expect(storeWithKeys().zoho.connection('one').status()).rejects.toMatchObject({
      code: 'key-unknown',
    })
    expect((await robin.submit('/admin', { reencrypt: 'all' })).text).toContain(
      'Re-encrypted with the current key: 2 connections',
    )
    expect(await storeWithKeys().zoho.connection('one').status()).toMatchObject({
      status: 'active',
    })
    expect((await robin.submit('/admin', { reencrypt: 'all' })).text).toContain(
      'All records already use the current key',
    )
    await storeWithKeys([lostKey]).connect({
      id: 'three',
      principal: 'nordlicht',
    })
    expect((await robin.submit('/admin', { reencrypt: 'all' })).text).toMatch(
      /problem" role="status".*<code>three<\/code>:\s+The record needs a key/s,
    )
    await forgetAll()
  })
})
