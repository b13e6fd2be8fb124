import { describe, expect, it } from 'vitest'
import type { RecruitOAuthOptions } from '../../src/index.ts'
import { drop, json, respond, type Reply } from '../endpoints/server.ts'
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
import { errorCodeOf, grant, startConsent, startSetup, until } from './setup.ts'

/** Replies to one of the two requests in another way. */
const except =
  (request: '/org' | '/users', reply: Reply, who: Account = acmeInc): Reply =>
  (response, received) =>
    (received.url.includes(request) ? reply : accountReply(who))(response, received)

const { zgid: _zgid, ...orgWithoutZgid } = acmeInc
const partialReplies: [string, '/org' | '/users', number | undefined, Reply][] = [
  ['/org without zgid', '/org', 200, accountReply(orgWithoutZgid)],
  ['/org with 429', '/org', 429, except('/org', respond('', 429))],
  ['/users with 403', '/users', 403, except('/users', json({ code: 'NO_PERMISSION' }, 403))],
  ['/users with 429', '/users', 429, except('/users', respond('', 429, { 'retry-after': '9' }))],
  ['/users with 204', '/users', 204, except('/users', respond('', 204))],
  ['/users without a response', '/users', undefined, except('/users', drop)],
]

describe('an account that is read only in part', () => {
  it.each(partialReplies)(
    'is stored as far as it is known: %s',
    async (_, request, zohoStatus, api) => {
      const setup = await startSetup()
      setup.script.api = api
      expect(await codeOfConsent(setup)).toBe('ok')
      const stored = (await setup.client().connection('acme').status()).identity
      const { organizationId, userId } = identity
      expect([stored?.organizationId, stored?.userId]).toEqual(
        request === '/org' ? [undefined, userId] : [organizationId, undefined],
      )
      expect(setup.events).toContainEqual({
        type: 'identity-incomplete',
        connection: 'acme',
        dataCenter: 'eu',
        failures: [{ request, ...(zohoStatus !== undefined && { zohoStatus }) }],
      })
    },
  )

  it.each(partialReplies)(
    'is enough for the same account: %s',
    async (_, _request, _status, api) => {
      const { script, ...setup } = await startConnected(acmeInc)
      script.api = api
      expect(await codeOfConsent({ ...setup, script })).toBe('ok')
    },
  )

  it('is refused for another organization, although the user cannot be read', async () => {
    const { script, ...setup } = await startConnected(acmeInc)
    script.api = except('/users', respond('', 403), otherLtd)
    expect(await codeOfConsent({ ...setup, script })).toBe('account-switched')
  })

  it('is refused for another user, although the organization has no zgid', async () => {
    const { script, ...setup } = await startConnected(orgWithoutZgid)
    script.api = accountReply({ company_name: 'Acme Inc.', id: '70002', full_name: 'Bob Roe' })
    expect(await codeOfConsent({ ...setup, script })).toBe('account-switched')
  })

  it('is refused if nothing can be compared, and the error names the requests', async () => {
    const { script, ...setup } = await startConnected(acmeInc)
    script.api = (response, request) =>
      (request.url.endsWith('/org') ? accountReply(orgWithoutZgid) : respond('', 403))(
        response,
        request,
      )
    script.token = grant()
    const { complete } = await startConsent(setup.options({ scopes }))
    await expect(complete()).rejects.toMatchObject({
      code: 'account-unread',
      summary: expect.stringContaining(
        '`/org` responded without `zgid`, `/users` responded with status 403',
      ),
    })
    expect(setup.events).toContainEqual(expect.objectContaining({ type: 'identity-incomplete' }))
  })

  it.each<[string, Reply, RecruitOAuthOptions['scopes']]>([
    ['/org cannot be read', except('/org', respond('', 429)), scopes],
    ['/users cannot be read', except('/users', respond('', 403)), scopes],
  ])('stays known as a whole if %s', async (_, api, requested) => {
    const { script, acme, ...setup } = await startConnected(acmeInc)
    script.api = api
    expect(await codeOfConsent({ ...setup, script }, { scopes: requested })).toBe('ok')
    expect((await acme.status()).identity).toEqual(identity)
    script.api = accountReply({ ...acmeInc, zgid: '60002' })
    expect(await codeOfConsent({ ...setup, script })).toBe('account-switched')
    script.api = accountReply({ ...acmeInc, id: '70009' })
    expect(await codeOfConsent({ ...setup, script })).toBe('account-switched')
  })

  it.each<[string, RecruitOAuthOptions['scopes'], object | undefined]>([
    ['nothing', ['ZohoRecruit.modules.ALL'], undefined],
    ['only users', ['ZohoRecruit.users.READ'], { userId: '70002', userName: 'Bob Roe' }],
  ])('is never mixed with another one, if the scopes allow %s', async (_, requested, shown) => {
    const first = ['ZohoRecruit.org.ALL'] as const
    const { script, acme, ...setup } = await startConnected(acmeInc, { scopes: first })
    script.api = accountReply(otherLtd)
    expect(await codeOfConsent({ ...setup, script }, { scopes: requested })).toBe('ok')
    expect((await acme.status()).identity).toEqual(shown)
  })

  it('does not include a number that has lost digits', async () => {
    const setup = await startSetup()
    setup.script.api = respond('{"org":[{"zgid":551157000000179001}],"users":[{"id":70001}]}')
    expect(await codeOfConsent(setup)).toBe('ok')
    const stored = (await setup.client().connection('acme').status()).identity
    expect(stored).toEqual({ userId: '70001' })
  })
})

describe('allowAccountSwitch', () => {
  const colleague: Account = { ...acmeInc, id: '70009', full_name: 'Cem Kaya' }

  it.each<[RecruitOAuthOptions['allowAccountSwitch'], Account, string]>([
    [false, colleague, 'account-switched'],
    [undefined, colleague, 'account-switched'],
    ['same-organization', colleague, 'ok'],
    [true, colleague, 'ok'],
    ['same-organization', otherLtd, 'account-switched'],
    ['same-organization', { ...acmeInc, zgid: '60002' }, 'account-switched'],
    [true, otherLtd, 'ok'],
  ])('%j with the account %j: %s', async (allowAccountSwitch, who, code) => {
    const { script, acme, ...setup } = await startConnected(acmeInc)
    script.api = accountReply(who)
    expect(await codeOfConsent({ ...setup, script }, { allowAccountSwitch })).toBe(code)
    const expected = code === 'ok' ? who.id : acmeInc.id
    expect((await acme.status()).identity?.userId).toBe(expected)
  })

  it.each<[string, Reply, string]>([
    ['another user', accountReply({ ...orgWithoutZgid, id: '70009' }), 'account-unread'],
    ['the same user', accountReply(orgWithoutZgid), 'ok'],
  ])('`same-organization` with %s, while the organization cannot be read', async (_, api, code) => {
    const { script, ...setup } = await startConnected(acmeInc)
    script.api = api
    const allowAccountSwitch = 'same-organization'
    expect(await codeOfConsent({ ...setup, script }, { allowAccountSwitch })).toBe(code)
  })
})

it('two first consents at the same time are compared, too', async () => {
  const setup = await startSetup()
  const first = await startConsent(setup.options({ scopes }))
  const second = await startConsent(setup.options({ scopes }))
  let release = () => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  let calls = 0
  setup.script.token = async (response, request) => {
    calls += 1
    if (calls === 1) await released
    await grant()(response, request)
  }
  setup.script.api = accountReply(acmeInc)
  const late = errorCodeOf(second.complete())
  await until(() => calls === 1)
  expect(await errorCodeOf(first.complete())).toBe('ok')
  setup.script.api = accountReply(otherLtd)
  release()
  expect(await late).toBe('account-switched')
  expect((await setup.client().connection('acme').status()).identity).toEqual(identity)
})
