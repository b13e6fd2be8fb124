import { describe, expect, it } from 'vitest'
import { createHash } from 'node:crypto'
import { errorCodeOf, startSetup, startConsent, times } from './setup.ts'

describe('startAuthorization()', () => {
  it('S1, S5, S10: makes 10,000 different states and challenges, and stores nothing', async () => {
    const setup = await startSetup()
    const zoho = setup.client()
    const states = new Set<string>()
    const challenges = new Set<string>()
    for (const _ of times(20, () => 0)) {
      for (const { url } of await Promise.all(
        times(500, () => zoho.startAuthorization({ id: 'acme', principal: 'ann' })),
      )) {
        const parameters = new URL(url).searchParams
        expect(parameters.get('state')).toMatch(/^[A-Za-z0-9_-]{43}$/)
        states.add(parameters.get('state') as string)
        challenges.add(parameters.get('code_challenge') as string)
      }
    }
    expect([states.size, challenges.size]).toEqual([10_000, 10_000])
    expect([setup.server.received.length, (await setup.store.list({ limit: 10 })).length]).toEqual([
      0, 0,
    ])
  })

  it('B13: always requests a refresh token with offline access and a new consent', async () => {
    const { url } = await startConsent((await startSetup()).options())
    const parameters = new URL(url).searchParams
    expect([parameters.getAll('access_type'), parameters.getAll('prompt')]).toEqual([
      ['offline'],
      ['consent'],
    ])
  })

  it('C5, S5: puts no secret into the cookie in clear', async () => {
    const { cookie, state, binding, url } = await startConsent((await startSetup()).options(), {
      id: 'acme-connection',
      principal: 'ann-principal',
    })
    const { codeVerifier } = await binding()
    expect(new URL(url).searchParams.get('code_challenge')).toBe(
      createHash('sha256').update(codeVerifier).digest('base64url'),
    )
    expect(cookie.name).toBe(
      `__Host-zro-${createHash('sha256').update(state).digest('base64url').slice(0, 8)}`,
    )
    expect(cookie.value).toMatch(/^1\.[A-Za-z0-9_-]{8}\.[A-Za-z0-9_-]{16}\.[A-Za-z0-9_-]+$/)
    const decoded = Buffer.from(cookie.value.split('.').at(-1) as string, 'base64url').toString(
      'latin1',
    )
    for (const secret of [state, codeVerifier, 'acme-connection', 'ann-principal']) {
      expect(`${cookie.value} ${decoded}`).not.toContain(secret)
      if (secret !== state) expect(url).not.toContain(secret)
    }
    expect(cookie.value.length).toBeLessThan(2_048)
  })

  it.each<
    [
      string,
      Parameters<
        ReturnType<Awaited<ReturnType<typeof startSetup>>['client']>['startAuthorization']
      >,
      string,
    ]
  >([
    ['an empty principal', [{ id: 'acme', principal: '' }], 'argument-invalid'],
    ['an empty id', [{ id: '', principal: 'ann' }], 'argument-invalid'],
    ['an id with a lone surrogate', [{ id: '\ud800', principal: 'ann' }], 'argument-invalid'],
    ['B15: an id with a control character', [{ id: 'a\nb', principal: 'ann' }], 'argument-invalid'],
    ['an id that is too long', [{ id: 'a'.repeat(256), principal: 'ann' }], 'argument-invalid'],
    [
      'an unknown data center',
      [{ id: 'acme', principal: 'ann', dataCenter: 'mars' }],
      'data-center-unknown',
    ],
    [
      'a data center named like a member of Object.prototype',
      [{ id: 'acme', principal: 'ann', dataCenter: 'constructor' }],
      'data-center-unknown',
    ],
    [
      'S8: an empty list of scopes',
      [{ id: 'acme', principal: 'ann' }, { scopes: [] }],
      'argument-invalid',
    ],
    [
      'S8: a scope with a comma',
      [{ id: 'acme', principal: 'ann' }, { scopes: ['a,b' as 'ZohoRecruit.org.READ'] }],
      'argument-invalid',
    ],
    [
      'B14: a returnTo on another site',
      [{ id: 'acme', principal: 'ann' }, { returnTo: '//evil.example' }],
      'argument-invalid',
    ],
    [
      'B14: a returnTo on another site after dot segments',
      [{ id: 'acme', principal: 'ann' }, { returnTo: '/..//evil.example' }],
      'argument-invalid',
    ],
    [
      'B14: a returnTo that is a URL of another site',
      [{ id: 'acme', principal: 'ann' }, { returnTo: 'https://evil.example/' }],
      'argument-invalid',
    ],
  ])('refuses %s', async (_, call, code) => {
    expect(await errorCodeOf((await startSetup()).client().startAuthorization(...call))).toBe(code)
  })

  it('does not quote the data center in its errors', async () => {
    const dataCenter = '<script>alert("x")</script>'
    const error = await (
      await startSetup()
    )
      .client()
      .startAuthorization({ id: 'acme', principal: 'ann', dataCenter })
      .then(
        () => undefined,
        (thrown: Error) => thrown,
      )
    expect(`${error?.message}${JSON.stringify(error)}`).not.toMatch(/script|alert/)
  })
})
