import { describe, expect, it } from 'vitest'
import {
  createRecruitOAuth,
  refuseUnknownOptions,
  type Connection,
  type RecruitOAuth,
} from '../../src/index.ts'
import { memoryStore } from '../../src/store/memory.ts'
import { sqliteStore } from '../../src/store/sqlite/index.ts'
import { thrownBy, validOptions } from './configuration.ts'
import { errorOf, startConnected } from './connected.ts'
import { request } from './hostile-arguments.ts'

const messageOf = (options: object): string | undefined =>
  thrownBy({ ...validOptions, ...options })?.message

describe('an unknown option of the client', () => {
  it.each([
    ['redirectUrl', 'redirectUri'],
    ['redirect_uri', 'redirectUri'],
    ['RedirectURI', 'redirectUri'],
    ['encryptionKey', 'encryptionKeys'],
    ['scope', 'scopes'],
    ['dataCentre', 'dataCenter'],
    ['onEvents', 'onEvent'],
    ['allowAccountSwitching', 'allowAccountSwitch'],
  ])('%s is refused, and the error names %s', (name, nearest) => {
    expect(thrownBy({ ...validOptions, [name]: 'canary' })).toMatchObject({
      code: 'configuration-invalid',
      message: `The option \`${name}\` is unknown. Did you mean \`${nearest}\`?`,
    })
  })

  it('is refused if its value is undefined', () => {
    expect(messageOf({ redirectUrl: undefined })).toContain('`redirectUrl` is unknown')
  })

  it('that resembles no option is refused without a proposal', () => {
    expect(messageOf({ middleware: true })).toBe(
      'The option `middleware` is unknown. Remove it, or correct its name.',
    )
  })

  it('is not quoted if it may be a secret', () => {
    const secret = '1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d7e8f9a0b1c'
    for (const name of [secret, `${secret} x`, 'a b', 'x'.repeat(100_000)])
      expect(messageOf({ [name]: 1 })).toBe('An option is unknown. Remove it, or correct its name.')
  })

  it('is accepted if it is inherited, as the methods of a class are', () => {
    const options = Object.assign(Object.create({ redirectUrl: 1 }) as object, validOptions)
    expect(() => createRecruitOAuth(options as typeof validOptions)).not.toThrow()
  })
})

describe('an unknown option of a method', () => {
  const calls: Readonly<
    Record<string, (oauth: RecruitOAuth, connection: Connection) => Promise<unknown>>
  > = {
    'scope → scopes, requireConnection': (oauth) =>
      oauth.requireConnection(request(), { scope: ['ZohoRecruit.users.READ'] } as never),
    'contxt → context, handle': (oauth) => oauth.handle(request(), { contxt: 1 } as never),
    'return_to → returnTo, startAuthorization': (oauth) =>
      oauth.startAuthorization({ id: 'acme', principal: 'ada' }, { return_to: '/jobs' } as never),
    'scope → scopes, exchangeSelfClientCode': (_, connection) =>
      connection.exchangeSelfClientCode('1000.code', {
        principal: 'ada',
        scope: ['ZohoRecruit.users.READ'],
      } as never),
    'principle → principal, connections': (oauth) =>
      oauth.connections({ principle: 'ada' } as never),
    'limits → limit, recover': (oauth) => oauth.recover({ limits: 5 } as never),
    'After → after, revokeAll': (oauth) => oauth.revokeAll('ada', { After: 'a' } as never),
    'limt → limit, reencryptAll': (oauth) => oauth.reencryptAll({ limt: 5 } as never),
    'methd → method, fetch': (_, connection) =>
      connection.fetch('Candidates', { methd: 'POST' } as never),
    'header → headers, fetch': (_, connection) =>
      connection.fetch('Candidates', { header: {} } as never),
  }

  it.each(Object.keys(calls))('%s', async (title) => {
    const { client, acme } = await startConnected()
    const [, name, nearest] = /^(\w+) → (\w+)/.exec(title) ?? []
    expect(await errorOf(calls[title]!(client(), acme))).toMatchObject({
      code: 'argument-invalid',
      message: `The option \`${name}\` is unknown. Did you mean \`${nearest}\`?`,
    })
  })

  it('of one runtime reaches the `fetch` of the platform', async () => {
    const { acme } = await startConnected()
    const init = { cf: { cacheTtl: 5 }, verbose: true, proxy: '', duplex: 'half' } as object
    expect((await acme.fetch('Candidates', init)).status).toBe(200)
  })
})

it('connectionFor may return a row of the app, with other members', async () => {
  const oauth = createRecruitOAuth({
    ...validOptions,
    store: memoryStore(),
    connectionFor: () => ({ id: 'acme', principal: 'ada', principle: 'x', scope: 5 }),
  })
  const response = await oauth.handle(new Request('https://app.example.com/base/zoho/connect'))
  expect(response?.status).toBe(303)
})

it('an unknown option of the SQLite store is refused', () => {
  const misspelt = { dangerouslyAllowShareFile: true } as object
  expect(() => sqliteStore(':memory:', misspelt)).toThrow(
    'The option `dangerouslyAllowShareFile` is unknown. Did you mean `dangerouslyAllowSharedFile`?',
  )
})

it('a store of the app can refuse unknown options, too', () => {
  expect(() => refuseUnknownOptions({ tables: 'x' }, ['table'])).toThrow('Did you mean `table`?')
  expect(() => refuseUnknownOptions(undefined, ['table'])).not.toThrow()
  expect(() => refuseUnknownOptions({ table: 'x' }, ['table'])).not.toThrow()
})
