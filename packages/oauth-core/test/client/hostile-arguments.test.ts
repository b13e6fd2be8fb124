import { describe, expect, it } from 'vitest'
import {
  isRecruitOAuthError,
  RecruitOAuthError,
  type Connection,
  type RecruitOAuth,
  type RecruitOAuthOptions,
} from '../../src/index.ts'
import { memoryStore } from '../../src/store/memory.ts'
import { connect, house } from './house.ts'

const fail = (): never => {
  throw new Error('canary')
}
const proxy = new Proxy(
  {},
  { get: fail, has: fail, getPrototypeOf: fail, ownKeys: fail, getOwnPropertyDescriptor: fail },
)
const unprintable = { toString: fail, valueOf: fail, [Symbol.toPrimitive]: fail, toJSON: fail }
/** Values that most methods must refuse. */
const hostileValues: readonly unknown[] = [
  undefined,
  null,
  0,
  7,
  NaN,
  10n,
  true,
  '',
  'canary canary',
  'canary\n',
  '\ud800',
  Symbol('canary'),
  [],
  [proxy],
  {},
  Object.create(null),
  () => {},
  class {},
  new Date(NaN),
  proxy,
  unprintable,
  new Proxy([], { get: fail }),
  new Proxy(() => {}, { get: fail }),
  new Error('canary'),
  Promise.resolve(),
  new Map(),
]
const objects: readonly unknown[] = hostileValues.filter((one) => one !== undefined)
/** An object whose property `name` throws when it is read. */
const unreadable = (name: string, rest: object = {}): object =>
  Object.defineProperty({ ...rest }, name, { get: fail, enumerable: true })

const request = () => new Request('https://app.example.com/x')
type Call = (zoho: RecruitOAuth, acme: Connection, value: never) => unknown

const table: Readonly<Record<string, readonly [call: Call, values: readonly unknown[]]>> = {
  'connection(id)': [(zoho, _, id) => zoho.connection(id), hostileValues],
  'connection(id, runtime)': [
    (zoho, _, runtime) => zoho.connection('acme', runtime),
    [...hostileValues, unreadable('waitUntil'), { waitUntil: 7 }, { waitUntil: fail }],
  ],
  'runtime.waitUntil': [
    (zoho, _, runtime) => zoho.connection('acme', runtime).accessToken(),
    [{ waitUntil: fail }, { waitUntil: async () => fail() }],
  ],
  'begin(ref)': [
    (zoho, _, ref) => zoho.startAuthorization(ref),
    [
      ...hostileValues,
      unreadable('id'),
      unreadable('principal', { id: 'a' }),
      { id: 'a' },
      { id: 7, principal: 'p' },
    ],
  ],
  'begin(ref.dataCenter)': [
    (zoho, _, dataCenter) => zoho.startAuthorization({ id: 'a', principal: 'p', dataCenter }),
    objects,
  ],
  'begin(options)': [
    (zoho, _, options) => zoho.startAuthorization({ id: 'a', principal: 'p' }, options),
    [...hostileValues, unreadable('scopes'), unreadable('returnTo')],
  ],
  'begin(options.scopes)': [
    (zoho, _, scopes) => zoho.startAuthorization({ id: 'a', principal: 'p' }, { scopes }),
    objects,
  ],
  'begin(options.returnTo)': [
    (zoho, _, returnTo) => zoho.startAuthorization({ id: 'a', principal: 'p' }, { returnTo }),
    objects,
  ],
  'handle(request)': [
    (zoho, _, value) => zoho.handle(value),
    [
      ...hostileValues,
      unreadable('url'),
      { url: 'x' },
      { url: 'https://app.example.com/zoho/connect', method: 'GET' },
    ],
  ],
  'handle(from)': [
    (zoho, _, from) => zoho.handle(new Request('https://app.example.com/zoho/connect'), from),
    [...objects, unreadable('context'), { waitUntil: 7 }],
  ],
  'connected(request)': [
    (zoho, _, value) => zoho.requireConnection(value),
    [...hostileValues, unreadable('url')],
  ],
  'connected(from)': [
    (zoho, _, from) => zoho.requireConnection(request(), from),
    [...objects, unreadable('context'), unreadable('scopes')],
  ],
  'connected(from.scopes)': [
    (zoho, _, scopes) => zoho.requireConnection(request(), { scopes }),
    objects,
  ],
  'errorResponse(error)': [(zoho, _, error) => zoho.errorResponse(error, request()), hostileValues],
  'errorResponse(request)': [
    (zoho, _, value) => zoho.errorResponse(new RecruitOAuthError('not-connected'), value),
    hostileValues,
  ],
  'isRoute(request)': [(zoho, _, value) => zoho.isRoute(value), hostileValues],
  'connections(query)': [
    (zoho, _, query) => zoho.connections(query),
    [
      ...hostileValues,
      ...['principal', 'pending', 'after', 'limit'].map((name) => unreadable(name)),
    ],
  ],
  'connections(query.limit)': [
    (zoho, _, limit) => zoho.connections({ limit }),
    [...objects, -1, 1_001, 0.5, Infinity],
  ],
  'connections(query.after)': [(zoho, _, after) => zoho.connections({ after }), objects],
  'connections(query.principal)': [
    (zoho, _, principal) => zoho.connections({ principal }),
    hostileValues,
  ],
  'connections(query.pending)': [(zoho, _, pending) => zoho.connections({ pending }), objects],
  'recover(options)': [
    (zoho, _, options) => zoho.recover(options),
    [...hostileValues, unreadable('limit'), unreadable('after')],
  ],
  'recover(options.limit)': [
    (zoho, _, limit) => zoho.recover({ limit }),
    [...objects, -1, 0.5, -Infinity],
  ],
  'recover(options.after)': [(zoho, _, after) => zoho.recover({ after }), objects],
  'revokeAll(principal)': [(zoho, _, principal) => zoho.revokeAll(principal), hostileValues],
  'revokeAll(options)': [
    (zoho, _, options) => zoho.revokeAll('nobody', options),
    [...hostileValues, unreadable('limit')],
  ],
  'reencryptAll(options)': [
    (zoho, _, options) => zoho.reencryptAll(options),
    [...hostileValues, unreadable('limit')],
  ],
  'exchangeSelfClientCode(code)': [
    (_, acme, code) => acme.exchangeSelfClientCode(code, { principal: 'p' }),
    hostileValues,
  ],
  'exchangeSelfClientCode(grant)': [
    (_, acme, grant) => acme.exchangeSelfClientCode('1000.code', grant),
    [...hostileValues, unreadable('principal'), unreadable('scopes', { principal: 'p' })],
  ],
  'exchangeSelfClientCode(grant.dataCenter)': [
    (_, acme, dataCenter) =>
      acme.exchangeSelfClientCode('1000.code', { principal: 'p', dataCenter }),
    objects,
  ],
  'exchangeSelfClientCode(grant.scopes)': [
    (_, acme, scopes) => acme.exchangeSelfClientCode('1000.code', { principal: 'p', scopes }),
    objects,
  ],
  'fetch(path)': [(_, acme, path) => acme.fetch(path), hostileValues],
  'fetch(init)': [
    (_, acme, init) => acme.fetch('org', init),
    [
      ...hostileValues,
      ...['method', 'headers', 'body', 'signal', 'duplex', 'cache'].map((name) => unreadable(name)),
    ],
  ],
  'fetch(init.method)': [
    (_, acme, method) => acme.fetch('org', { method }),
    [...objects, 'CONNECT', 'TRACE', 'track', 'G T', 'canary:'],
  ],
  'fetch(init.headers)': [
    (_, acme, headers) => acme.fetch('org', { headers }),
    [
      ...objects,
      { 'canary name': 'x' },
      { x: 'canary\n' },
      { x: 'canary→' },
      [['one']],
      { x: unprintable },
    ],
  ],
  'fetch(init.body)': [(_, acme, body) => acme.fetch('org', { method: 'POST', body }), objects],
  'fetch(init.body) of a GET': [
    (_, acme, body) => acme.fetch('org', { body }),
    ['canary', new Blob(['canary'])],
  ],
  'fetch(init.signal)': [(_, acme, signal) => acme.fetch('org', { signal }), objects],
  'fetch(init.*)': [
    (_, acme, init) => acme.fetch('org', init),
    [
      { mode: 'navigate' },
      { cache: 'canary' },
      { credentials: 'canary' },
      { referrerPolicy: 'canary' },
      { window: 7 },
    ],
  ],
}

const expectedCodes = [
  'argument-invalid',
  'data-center-unknown',
  'not-connected',
  'code-rejected',
  'refresh-token-missing',
]

const outcomeOf = async (work: () => unknown): Promise<unknown> => {
  try {
    return { value: await work() }
  } catch (error) {
    return { error }
  }
}

describe('G9: every public method answers hostile arguments with an error of the library', () => {
  it.each(Object.entries(table))('%s', async (title, [call, values]) => {
    const home = await house()
    await connect(home)
    const zoho = home.client()
    let failures = 0
    for (const [index, value] of values.entries()) {
      const outcome = (await outcomeOf(() =>
        call(zoho, zoho.connection('acme'), value as never),
      )) as { error?: unknown }
      if (!('error' in outcome)) continue
      failures += 1
      const { error } = outcome
      if (!isRecruitOAuthError(error))
        expect.fail(`value ${index}: ${String((error as Error)?.stack ?? error)}`)
      expect([index, error.code]).toEqual([
        index,
        expect.stringMatching(new RegExp(`^(${expectedCodes.join('|')})$`)),
      ])
      expect(`${error.message} ${JSON.stringify(error)}`).not.toContain('canary')
    }
    if (title !== 'errorResponse(error)' && title !== 'runtime.waitUntil')
      expect(failures).toBeGreaterThan(0)
  })

  it('names the invalid argument and does not quote it', async () => {
    const home = await house()
    await connect(home)
    const acme = home.client().connection('acme')
    const messageOf = async (work: Promise<unknown>) =>
      work.then(
        () => 'ok',
        (error: Error) => error.message,
      )
    expect(await messageOf(acme.fetch('org', { method: 'CANARY METHOD' }))).toContain(
      '`init.method`',
    )
    expect(await messageOf(acme.fetch('org', { headers: { 'canary name': 'x' } }))).toContain(
      '`init.headers`',
    )
    expect(await messageOf(acme.fetch('org', { body: 'canary' }))).toContain('`init.body`')
    expect(await messageOf(acme.fetch('org', { signal: 7 as never }))).toContain('`init.signal`')
    expect(await messageOf(acme.fetch('org', null as never))).toContain('`init`')
    expect(home.server.received).toEqual([])
  })

  it('accepts a stream without `duplex`, and the other options of `fetch`', async () => {
    const home = await house()
    await connect(home)
    const acme = home.client().connection('acme')
    const body = new Response('the body').body as ReadableStream
    expect((await acme.fetch('org', { method: 'POST', body })).status).toBe(200)
    expect(
      (
        await acme.fetch('org', {
          method: 'PATCH',
          body: new URLSearchParams({ a: '1' }),
          cache: 'no-store',
          keepalive: false,
          signal: null,
        })
      ).status,
    ).toBe(200)
    expect(home.server.received.map(({ method, body: sent }) => `${method} ${sent}`)).toEqual([
      'POST the body',
      'PATCH a=1',
    ])
  })
})

describe('G9: a host that misbehaves,', () => {
  const badAnswers: readonly unknown[] = [
    undefined,
    null,
    7,
    'canary',
    [],
    {},
    proxy,
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
    proxy,
    unreadable('envelope'),
    { revision: 7, status: 'x', pending: 'no', envelope: 7 },
  ]
  const store = (facts: object) => ({ ...memoryStore(), ...facts }) as RecruitOAuthOptions['store']
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
      const answer = await zoho.requireConnection(request())
      if (answer instanceof Response) return
      throw new Error('let through')
    },
    async () =>
      expect(
        (await zoho.handle(new Request('https://app.example.com/zoho/connect')))?.status,
      ).toBeGreaterThan(300),
  ]
  const expectLibraryErrors = async (options: Partial<RecruitOAuthOptions>, codes: RegExp) => {
    const home = await house()
    const zoho = home.client(options)
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

  it.each(badAnswers.map((value, index) => [index, value] as const))(
    'such as a store whose reads resolve to a bad value: %i',
    async (_, value) => {
      await expectLibraryErrors(
        { store: store({ read: async () => value }) },
        /^(store-unavailable)$/,
      )
    },
  )
  it.each(records.map((value, index) => [index, value] as const))(
    'such as a store whose records are invalid: %i',
    async (_, record) => {
      await expectLibraryErrors(
        { store: store({ read: async () => ({ record, asOf: 1_790_000_000_000 }) }) },
        /^(store-unavailable|record-unreadable|key-unknown|grant-not-stored)$/,
      )
    },
  )
  it.each(badAnswers.map((value, index) => [index, value] as const))(
    'such as a store whose writes resolve to a bad value: %i',
    async (_, value) => {
      await expectLibraryErrors(
        { store: store({ write: async () => value }) },
        /^(store-unavailable|store-contended|not-connected|grant-not-stored)$/,
      )
    },
  )
  it.each(
    [...badAnswers, [undefined], [7], [proxy], [{ id: 7 }], [{ id: 'acme', status: 7 }]].map(
      (value, index) => [index, value] as const,
    ),
  )('such as a store whose lists resolve to a bad value: %i', async (_, value) => {
    await expectLibraryErrors(
      { store: store({ list: async () => value }) },
      /^(store-unavailable|not-connected|refresh-token-missing)$/,
    )
  })
  it.each(['read', 'write', 'list'])('such as a store whose %s throws at once', async (name) => {
    await expectLibraryErrors(
      { store: store({ [name]: fail }) },
      /^(store-unavailable|not-connected|grant-not-stored|refresh-token-missing)$/,
    )
  })
  it.each<[string, object]>([
    ['random throws', { random: fail }],
    ['random returns undefined', { random: () => undefined }],
    ['random returns too few bytes', { random: () => new Uint8Array(0) }],
    ['random returns an array', { random: (length: number) => Array.from({ length }, () => 0) }],
    ['random returns a proxy', { random: () => proxy }],
    ['monotonic throws', { monotonic: fail }],
    ['monotonic returns undefined', { monotonic: () => undefined }],
    ['monotonic returns a string', { monotonic: () => 'canary' }],
    ['monotonic returns NaN', { monotonic: () => NaN }],
    ['onEvent throws', { onEvent: fail }],
    ['onEvent rejects', { onEvent: async () => fail() }],
    ['waitUntil throws', { waitUntil: fail }],
    ['waitUntil rejects', { waitUntil: async () => fail() }],
  ])('such as one whose %s', async (_, options) => {
    await expectLibraryErrors(
      options,
      /^(configuration-invalid|not-connected|refresh-token-missing)$/,
    )
  })

  it('gets the errors of its own connectionFor unchanged', async () => {
    const home = await house()
    const error = new Error('the app’s own')
    const zoho = home.client({ connectionFor: () => Promise.reject(error) })
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
    const home = await house()
    const zoho = home.client({
      connectionFor: () => ref as never,
      onEvent: (event) => void home.events.push(event),
    })
    expect((await zoho.handle(new Request('https://app.example.com/zoho/connect')))?.status).toBe(
      500,
    )
  })
})
