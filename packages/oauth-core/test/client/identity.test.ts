import { describe, expect, it } from 'vitest'
import { respond, json, type Reply } from '../endpoints/server.ts'
import {
  accountReply,
  acmeInc,
  codeOfConsent,
  identity,
  otherLtd,
  scopes,
  startConnected,
  type Account,
} from './accounts.ts'
import { connect, errorCodeOf, startSetup } from './setup.ts'

describe('S6: the identity of the connected account', () => {
  it('S6: is read with the new token after the exchange, stored and shown', async () => {
    const { server, acme, store } = await startConnected(acmeInc)
    expect((await acme.status()).identity).toEqual(identity)
    const apiRequests = server.received.filter(({ method }) => method === 'GET')
    expect(apiRequests.map(({ url }) => url).toSorted()).toEqual([
      '/recruit/v2/org',
      '/recruit/v2/users?type=CurrentUser',
    ])
    expect(new Set(apiRequests.map(({ headers }) => headers.authorization))).toEqual(
      new Set([`Zoho-oauthtoken ${await acme.accessToken()}`]),
    )
    expect(JSON.stringify(await store.read('acme'))).not.toContain('Acme')
  })

  it.each([
    [
      ['ZohoRecruit.org.ALL'],
      ['/recruit/v2/org'],
      { organizationId: '60001', organizationName: 'Acme Inc.' },
    ],
    [
      ['ZohoRecruit.users.READ'],
      ['/recruit/v2/users?type=CurrentUser'],
      { userId: '70001', userName: 'Ann Lee' },
    ],
    [['ZohoRecruit.modules.ALL'], [], undefined],
  ] as const)('is read as far as %j permit', async (granted, urls, expected) => {
    const { server, acme } = await startConnected(acmeInc, { scopes: granted })
    expect(server.received.filter(({ method }) => method === 'GET').map(({ url }) => url)).toEqual(
      urls,
    )
    expect((await acme.status()).identity).toEqual(expected)
  })

  it('is read after a Self Client code too', async () => {
    const setup = await startSetup()
    setup.script.api = accountReply(acmeInc)
    await connect({ ...setup, client: () => setup.client({ scopes }) })
    expect((await setup.client().connection('acme').status()).identity).toEqual(identity)
  })

  it('is read after a first grant is stored', async () => {
    const setup = await startSetup()
    const statuses: unknown[] = []
    setup.script.api = async (response, request) => {
      statuses.push((await setup.store.read('acme')).record?.status)
      await accountReply(acmeInc)(response, request)
    }
    expect(await codeOfConsent(setup)).toBe('ok')
    expect(statuses).toEqual(['active', 'active'])
  })

  it.each<[string, Reply]>([
    ['is down', respond('', 503)],
    ['misses a scope', json({ code: 'OAUTH_SCOPE_MISMATCH' }, 401)],
    ['never answers', () => {}],
  ])('stays unknown after a first consent if the API %s', async (_, api) => {
    const setup = await startSetup()
    setup.script.api = api
    expect(await codeOfConsent(setup)).toBe('ok')
    expect((await setup.client().connection('acme').status()).identity).toBe(undefined)
  })
})

describe('S6: a consent over a known account', () => {
  it('S6: is refused for another account, and the old token set is still served', async () => {
    const { script, acme, urlsSince, ...setup } = await startConnected(acmeInc)
    const token = await acme.accessToken()
    script.api = accountReply(otherLtd)
    expect(await codeOfConsent({ ...setup, script })).toBe('account-switched')
    expect(await acme.status()).toMatchObject({ status: 'active', identity })
    expect(await setup.client().connection('acme').accessToken()).toBe(token)
    expect(urlsSince().filter((url) => url.includes('revoke'))).toEqual([])
    expect(setup.events.at(-1)).toMatchObject({ type: 'consent-failed', code: 'account-switched' })
  })

  it.each<[string, Account]>([
    ['another user of the same organization', { ...acmeInc, id: '70009' }],
    ['the same user in another organization', { ...acmeInc, zgid: '60009' }],
  ])('is refused for %s', async (_, who) => {
    const { script, acme, ...setup } = await startConnected(acmeInc)
    script.api = accountReply(who)
    expect(await codeOfConsent({ ...setup, script })).toBe('account-switched')
    expect((await acme.status()).identity).toEqual(identity)
  })

  it('is accepted for the same account, and updates the names', async () => {
    const { script, acme, ...setup } = await startConnected(acmeInc)
    script.api = accountReply({ ...acmeInc, company_name: 'Acme SE', full_name: undefined })
    expect(await codeOfConsent({ ...setup, script })).toBe('ok')
    expect((await acme.status()).identity).toEqual({
      organizationId: '60001',
      organizationName: 'Acme SE',
      userId: '70001',
    })
  })

  it('is accepted for another account if the app allows it', async () => {
    const { script, acme, ...setup } = await startConnected(acmeInc)
    script.api = accountReply(otherLtd)
    expect(await codeOfConsent({ ...setup, script }, { allowAccountSwitch: true })).toBe('ok')
    expect((await acme.status()).identity?.organizationId).toBe('60002')
  })

  it('clears the identity if the app allows any account and Zoho does not name it', async () => {
    const { script, acme, ...setup } = await startConnected(acmeInc)
    script.api = respond('', 503)
    expect(await codeOfConsent({ ...setup, script }, { allowAccountSwitch: true })).toBe('ok')
    expect((await acme.status()).identity).toBe(undefined)
  })

  it.each([
    ['revoked', json({ status: 'success' })],
    ['revoked here, but not at Zoho', respond('', 503)],
  ])('is accepted for any account after the connection was %s', async (_, revoke) => {
    const { script, acme, ...setup } = await startConnected(acmeInc)
    script.revoke = revoke
    await errorCodeOf(acme.revoke())
    script.api = respond('', 503)
    expect(await codeOfConsent({ ...setup, script })).toBe('ok')
    expect((await acme.status()).identity).toBe(undefined)
    await acme.revoke().catch(() => {})
    script.api = accountReply(otherLtd)
    expect(await codeOfConsent({ ...setup, script })).toBe('ok')
    expect((await acme.status()).identity?.organizationId).toBe('60002')
  })

  it.each<[string, Reply]>([
    ['is down', respond('', 503)],
    ['misses a scope', json({ code: 'OAUTH_SCOPE_MISMATCH' }, 401)],
    ['responds with HTML', respond('<html>', 200)],
    ['names no account', json({ org: [], users: [] })],
    [
      'names an account without an id',
      accountReply({ company_name: 'Acme Inc.', full_name: 'Ann Lee' }),
    ],
    ['responds with invalid ids', accountReply({ zgid: { $ne: null }, id: 'a\nb' })],
    ['redirects', respond('', 307, { location: 'http://127.0.0.1:9/' })],
    ['never answers', () => {}],
  ])('is refused and can be repeated if the API %s', async (_, api) => {
    const { script, acme, urlsSince, ...setup } = await startConnected(acmeInc)
    const token = await acme.accessToken()
    script.api = api
    expect(await codeOfConsent({ ...setup, script })).toBe('account-unread')
    expect(await acme.status()).toMatchObject({ status: 'active', identity })
    expect(await setup.client().connection('acme').accessToken()).toBe(token)
    // The new token may belong to the same grant, which its revocation would end.
    expect(urlsSince().some((url) => url.includes('revoke'))).toBe(false)
    expect((await setup.store.list({ pending: true, limit: 1 })).length).toBe(0)
    script.api = accountReply(acmeInc)
    expect(await codeOfConsent({ ...setup, script })).toBe('ok')
  })

  it('serves the old token set while the identity is read', async () => {
    const { script, acme, ...setup } = await startConnected(acmeInc)
    const token = await acme.accessToken()
    const served: string[] = []
    script.api = async (response, request) => {
      served.push(await setup.client().connection('acme').accessToken())
      await accountReply(acmeInc)(response, request)
    }
    expect(await codeOfConsent({ ...setup, script })).toBe('ok')
    expect(served).toEqual([token, token])
    expect(await acme.accessToken()).not.toBe('')
  })
})
