import { describe, expect, it } from 'vitest'
import type { RecruitOAuthOptions } from '../../src/index.ts'
import { answer, json, type Reply } from '../endpoints/server.ts'
import { codeOf, connect, grant, house, returning, tokens, type House } from './house.ts'

interface Account {
  readonly zgid?: unknown
  readonly company_name?: unknown
  readonly id?: unknown
  readonly full_name?: unknown
}

const acmeInc: Account = {
  zgid: '60001',
  company_name: 'Acme Inc.',
  id: '70001',
  full_name: 'Ann Lee',
}
const other: Account = {
  zgid: '60002',
  company_name: 'Other Ltd.',
  id: '70002',
  full_name: 'Bob Roe',
}

/** What the Recruit API says of the account that a token speaks for. */
const account =
  ({ zgid, company_name, id, full_name }: Account): Reply =>
  (response, request) =>
    json(
      request.url.endsWith('/org')
        ? { org: [{ zgid, company_name }] }
        : { users: [{ id, full_name }] },
    )(response, request)

const scopes = [
  'ZohoRecruit.modules.ALL',
  'ZohoRecruit.org.READ',
  'ZohoRecruit.users.READ',
] as const

/** A consent in the browser, from the beginning to the stored grant. */
const consent = async (home: House, more: Partial<RecruitOAuthOptions> = {}): Promise<string> => {
  home.script.token = grant()
  const { complete } = await returning(home.options({ scopes, ...more }))
  const code = await codeOf(complete())
  home.script.token = tokens()
  return code
}
const connectedTo = async (who: Account, more: Partial<RecruitOAuthOptions> = {}) => {
  const home = await house()
  home.script.api = account(who)
  expect(await consent(home, more)).toBe('ok')
  const seen = home.server.received.length
  const acme = home.client({ scopes, ...more }).connection('acme')
  return { ...home, acme, since: () => home.server.received.slice(seen).map(({ url }) => url) }
}
const identity = {
  organizationId: '60001',
  organizationName: 'Acme Inc.',
  userId: '70001',
  userName: 'Ann Lee',
}

describe('S6: who was connected', () => {
  it('S6: is asked after the exchange, with the new token, stored and shown', async () => {
    const { server, acme, store } = await connectedTo(acmeInc)
    expect((await acme.status()).identity).toEqual(identity)
    const asked = server.received.filter(({ method }) => method === 'GET')
    expect(asked.map(({ url }) => url).toSorted()).toEqual([
      '/recruit/v2/org',
      '/recruit/v2/users?type=CurrentUser',
    ])
    expect(new Set(asked.map(({ headers }) => headers.authorization))).toEqual(
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
  ] as const)('is asked as far as %j permit', async (granted, urls, expected) => {
    const { server, acme } = await connectedTo(acmeInc, { scopes: granted })
    expect(server.received.filter(({ method }) => method === 'GET').map(({ url }) => url)).toEqual(
      urls,
    )
    expect((await acme.status()).identity).toEqual(expected)
  })

  it('is asked after a Self Client code too', async () => {
    const home = await house()
    home.script.api = account(acmeInc)
    await connect({ ...home, client: () => home.client({ scopes }) })
    expect((await home.client().connection('acme').status()).identity).toEqual(identity)
  })

  it('is asked once a first grant is stored: nothing stands between the two', async () => {
    const home = await house()
    const statuses: unknown[] = []
    home.script.api = async (response, request) => {
      statuses.push((await home.store.read('acme')).record?.status)
      await account(acmeInc)(response, request)
    }
    expect(await consent(home)).toBe('ok')
    expect(statuses).toEqual(['active', 'active'])
  })

  it.each<[string, Reply]>([
    ['is down', answer('', 503)],
    ['says no', json({ code: 'OAUTH_SCOPE_MISMATCH' }, 401)],
    ['never answers', () => {}],
  ])('is left open at a first consent where the API %s', async (_, api) => {
    const home = await house()
    home.script.api = api
    const began = performance.now()
    expect(await consent(home)).toBe('ok')
    expect(performance.now() - began).toBeLessThan(5_000)
    expect((await home.client().connection('acme').status()).identity).toBe(undefined)
  })
})

describe('S6: a consent over a known account', () => {
  it('S6: is refused where it is of another: the old one serves on, and so does whatever else lives on the other account’s grant', async () => {
    const { script, acme, since, ...home } = await connectedTo(acmeInc)
    const token = await acme.accessToken()
    script.api = account(other)
    expect(await consent({ ...home, script })).toBe('account-switched')
    expect(await acme.status()).toMatchObject({ status: 'active', identity })
    expect(await home.client().connection('acme').accessToken()).toBe(token)
    expect(since().filter((url) => url.includes('revoke'))).toEqual([])
    expect(home.events.at(-1)).toMatchObject({ type: 'consent-failed', code: 'account-switched' })
  })

  it.each<[string, Account]>([
    ['another user of the same organization', { ...acmeInc, id: '70009' }],
    ['the same user in another organization', { ...acmeInc, zgid: '60009' }],
  ])('is refused for %s', async (_, who) => {
    const { script, acme, ...home } = await connectedTo(acmeInc)
    script.api = account(who)
    expect(await consent({ ...home, script })).toBe('account-switched')
    expect((await acme.status()).identity).toEqual(identity)
  })

  it('stands where it is of the same, and takes over new names', async () => {
    const { script, acme, ...home } = await connectedTo(acmeInc)
    script.api = account({ ...acmeInc, company_name: 'Acme SE', full_name: undefined })
    expect(await consent({ ...home, script })).toBe('ok')
    expect((await acme.status()).identity).toEqual({
      organizationId: '60001',
      organizationName: 'Acme SE',
      userId: '70001',
    })
  })

  it('stands where the app allows another', async () => {
    const { script, acme, ...home } = await connectedTo(acmeInc)
    script.api = account(other)
    expect(await consent({ ...home, script }, { allowAccountSwitch: true })).toBe('ok')
    expect((await acme.status()).identity?.organizationId).toBe('60002')
  })

  it('does not keep the name of another where Zoho does not say who it is and the app allows any', async () => {
    const { script, acme, ...home } = await connectedTo(acmeInc)
    script.api = answer('', 503)
    expect(await consent({ ...home, script }, { allowAccountSwitch: true })).toBe('ok')
    expect((await acme.status()).identity).toBe(undefined)
  })

  it.each([
    ['revoked', json({ status: 'success' })],
    ['revoked, as far as we are concerned', answer('', 503)],
  ])(
    'stands after the connection was %s, whoever it is, and where Zoho does not say who',
    async (_, revoke) => {
      const { script, acme, ...home } = await connectedTo(acmeInc)
      script.revoke = revoke
      await codeOf(acme.revoke())
      script.api = answer('', 503)
      expect(await consent({ ...home, script })).toBe('ok')
      expect((await acme.status()).identity).toBe(undefined)
      await acme.revoke().catch(() => {})
      script.api = account(other)
      expect(await consent({ ...home, script })).toBe('ok')
      expect((await acme.status()).identity?.organizationId).toBe('60002')
    },
  )

  it.each<[string, Reply]>([
    ['is down', answer('', 503)],
    ['says that a scope is missing', json({ code: 'OAUTH_SCOPE_MISMATCH' }, 401)],
    ['answers a page', answer('<html>', 200)],
    ['names nobody', json({ org: [], users: [] })],
    ['names somebody without an id', account({ company_name: 'Acme Inc.', full_name: 'Ann Lee' })],
    ['answers strange ids', account({ zgid: { $ne: null }, id: 'a\nb' })],
    ['sends elsewhere', answer('', 307, { location: 'http://127.0.0.1:9/' })],
    ['never answers', () => {}],
  ])('is refused, and can be repeated, where the API %s', async (_, api) => {
    const { script, acme, since, ...home } = await connectedTo(acmeInc)
    const token = await acme.accessToken()
    script.api = api
    expect(await consent({ ...home, script })).toBe('account-unread')
    expect(await acme.status()).toMatchObject({ status: 'active', identity })
    expect(await home.client().connection('acme').accessToken()).toBe(token)
    // It may be of the same grant, which a revocation could end.
    expect(since().some((url) => url.includes('revoke'))).toBe(false)
    expect((await home.store.list({ pending: true, limit: 1 })).length).toBe(0)
    script.api = account(acmeInc)
    expect(await consent({ ...home, script })).toBe('ok')
  })

  it('serves the old token set while Zoho is asked', async () => {
    const { script, acme, ...home } = await connectedTo(acmeInc)
    const token = await acme.accessToken()
    const served: string[] = []
    script.api = async (response, request) => {
      served.push(await home.client().connection('acme').accessToken())
      await account(acmeInc)(response, request)
    }
    expect(await consent({ ...home, script })).toBe('ok')
    expect(served).toEqual([token, token])
    expect(await acme.accessToken()).not.toBe('')
  })
})
