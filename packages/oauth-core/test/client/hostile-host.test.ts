import { describe, expect, it } from 'vitest'
import {
  isRecruitOAuthError,
  type Connection,
  type RecruitOAuth,
  type RecruitOAuthOptions,
} from '../../src/index.ts'
import { memoryStore } from '../../src/store/memory.ts'
import { startSetup } from './setup.ts'
import { fail, hostileProxy, unprintable, unreadable, request } from './hostile-arguments.ts'

describe('G9: a misbehaving host', () => {
  const badResponses: readonly unknown[] = [
    undefined,
    null,
    7,
    'canary',
    [],
    {},
    hostileProxy,
    unprintable,
    Symbol('canary'),
    { asOf: NaN },
    { asOf: 'now' },
  ]
  const records: readonly unknown[] = [
    7,
    'canary',
    [],
    {},
    hostileProxy,
    unreadable('envelope'),
    { revision: 7, status: 'x', pending: 'no', envelope: 7 },
  ]
  const storeWith = (fields: object) =>
    ({ ...memoryStore(), ...fields }) as RecruitOAuthOptions['store']
  const methodCalls = (zoho: RecruitOAuth, acme: Connection): (() => Promise<unknown>)[] => [
    () => acme.accessToken(),
    () => acme.fetch('org'),
    () => acme.refresh(),
    () => acme.status(),
    () => acme.revoke(),
    () => acme.forget(),
    () => acme.exchangeSelfClientCode('1000.code', { principal: 'p' }),
    () => zoho.startAuthorization({ id: 'acme', principal: 'p' }),
    () => zoho.connections(),
    () => zoho.recover(),
    () => zoho.revokeAll('p'),
    () => zoho.reencryptAll(),
    async () => {
      const response = await zoho.requireConnection(request())
      if (response instanceof Response) return
      throw new Error('let through')
    },
    async () =>
      expect(
        (await zoho.handle(new Request('https://app.example.com/zoho/connect')))?.status,
      ).toBeGreaterThan(300),
  ]
  const expectLibraryErrors = async (options: Partial<RecruitOAuthOptions>, codes: RegExp) => {
    const setup = await startSetup()
    const zoho = setup.client(options)
    for (const [index, use] of methodCalls(zoho, zoho.connection('acme')).entries()) {
      const error = await use().then(
        () => undefined,
        (reason: unknown) => reason,
      )
      if (error === undefined) continue
      if (!isRecruitOAuthError(error))
        expect.fail(`use ${index}: ${String((error as Error)?.stack ?? error)}`)
      expect([index, error.code]).toEqual([index, expect.stringMatching(codes)])
      expect(`${error.message} ${JSON.stringify(error)}`).not.toContain('canary')
    }
  }

  it.each(badResponses.map((value, index) => [index, value] as const))(
    'whose store resolves reads to bad value %i gets only errors of the library',
    async (_, value) => {
      await expectLibraryErrors(
        { store: storeWith({ read: async () => value }) },
        /^(store-unavailable)$/,
      )
    },
  )
  it.each(records.map((value, index) => [index, value] as const))(
    'whose store returns the invalid record %i gets only errors of the library',
    async (_, record) => {
      await expectLibraryErrors(
        { store: storeWith({ read: async () => ({ record, asOf: 1_790_000_000_000 }) }) },
        /^(store-unavailable|record-unreadable|key-unknown|grant-not-stored)$/,
      )
    },
  )
  it.each(badResponses.map((value, index) => [index, value] as const))(
    'whose store resolves writes to bad value %i gets only errors of the library',
    async (_, value) => {
      await expectLibraryErrors(
        { store: storeWith({ write: async () => value }) },
        /^(store-unavailable|store-contended|not-connected|grant-not-stored)$/,
      )
    },
  )
  it.each(
    [
      ...badResponses,
      [undefined],
      [7],
      [hostileProxy],
      [{ id: 7 }],
      [{ id: 'acme', status: 7 }],
    ].map((value, index) => [index, value] as const),
  )(
    'whose store resolves lists to bad value %i gets only errors of the library',
    async (_, value) => {
      await expectLibraryErrors(
        { store: storeWith({ list: async () => value }) },
        /^(store-unavailable|not-connected|refresh-token-missing)$/,
      )
    },
  )
  it.each(['read', 'write', 'list'])(
    'whose store throws in %s gets only errors of the library',
    async (name) => {
      await expectLibraryErrors(
        { store: storeWith({ [name]: fail }) },
        /^(store-unavailable|not-connected|grant-not-stored|refresh-token-missing)$/,
      )
    },
  )
  it.each<[string, object]>([
    ['random throws', { random: fail }],
    ['random returns undefined', { random: () => undefined }],
    ['random returns too few bytes', { random: () => new Uint8Array(0) }],
    ['random returns an array', { random: (length: number) => Array.from({ length }, () => 0) }],
    [
      'random returns a DataView',
      { random: (length: number) => new DataView(new ArrayBuffer(length)) },
    ],
    ['random returns a proxy', { random: () => hostileProxy }],
    ['monotonic throws', { monotonic: fail }],
    ['monotonic returns undefined', { monotonic: () => undefined }],
    ['monotonic returns a string', { monotonic: () => 'canary' }],
    ['monotonic returns NaN', { monotonic: () => NaN }],
    ['onEvent throws', { onEvent: fail }],
    ['onEvent rejects', { onEvent: async () => fail() }],
    ['waitUntil throws', { waitUntil: fail }],
    ['waitUntil rejects', { waitUntil: async () => fail() }],
  ])('whose %s gets only errors of the library', async (_, options) => {
    await expectLibraryErrors(
      options,
      /^(configuration-invalid|not-connected|refresh-token-missing)$/,
    )
  })

  it('gets the errors of its own connectionFor unchanged', async () => {
    const setup = await startSetup()
    const error = new Error('the app’s own')
    const zoho = setup.client({ connectionFor: () => Promise.reject(error) })
    await expect(zoho.requireConnection(request())).rejects.toBe(error)
    await expect(zoho.handle(new Request('https://app.example.com/zoho/connect'))).rejects.toBe(
      error,
    )
  })

  it.each([
    7,
    'canary',
    {},
    { id: 'a' },
    { id: Symbol('x'), principal: 'p' },
    { id: 'a', principal: 'p', dataCenter: Symbol('x') },
  ])('gets status 500 if connectionFor resolves to a bad value: %#', async (ref) => {
    const setup = await startSetup()
    const zoho = setup.client({
      connectionFor: () => ref as never,
      onEvent: (event) => void setup.events.push(event),
    })
    expect((await zoho.handle(new Request('https://app.example.com/zoho/connect')))?.status).toBe(
      500,
    )
  })
})
