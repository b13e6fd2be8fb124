import { RecruitOAuthError, type Connection, type RecruitOAuth } from '../../src/index.ts'

/**
 * Throws an error whose text must not appear in an error of the library. Every hostile text
 * contains the same word.
 */
export const fail = (): never => {
  throw new Error('canary')
}

export const hostileProxy = new Proxy(
  {},
  { get: fail, has: fail, getPrototypeOf: fail, ownKeys: fail, getOwnPropertyDescriptor: fail },
)

export const unprintable = {
  toString: fail,
  valueOf: fail,
  [Symbol.toPrimitive]: fail,
  toJSON: fail,
}

/** Values of many types. A method may accept some, but must not throw a foreign error for any. */
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
  [hostileProxy],
  {},
  Object.create(null),
  () => {},
  class {},
  new Date(NaN),
  hostileProxy,
  unprintable,
  new Proxy([], { get: fail }),
  new Proxy(() => {}, { get: fail }),
  new Error('canary'),
  Promise.resolve(),
  new Map(),
]

/** Without `undefined`, which means the same as a missing argument. */
const definedValues: readonly unknown[] = hostileValues.filter((value) => value !== undefined)

/** An object whose property `name` throws when it is read. */
export const unreadable = (name: string, rest: object = {}): object =>
  Object.defineProperty({ ...rest }, name, { get: fail, enumerable: true })

export const request = () => new Request('https://app.example.com/x')

export type Call = (zoho: RecruitOAuth, acme: Connection, value: never) => unknown

export const argumentCases: Readonly<
  Record<string, readonly [call: Call, values: readonly unknown[]]>
> = {
  'connection(id)': [(zoho, _, id) => zoho.connection(id), hostileValues],
  'connection(id, runtime)': [
    (zoho, _, runtime) => zoho.connection('acme', runtime),
    [...hostileValues, unreadable('waitUntil'), { waitUntil: 7 }, { waitUntil: fail }],
  ],
  'runtime.waitUntil': [
    (zoho, _, runtime) => zoho.connection('acme', runtime).accessToken(),
    [{ waitUntil: fail }, { waitUntil: async () => fail() }],
  ],
  'startAuthorization(ref)': [
    (zoho, _, ref) => zoho.startAuthorization(ref),
    [
      ...hostileValues,
      unreadable('id'),
      unreadable('principal', { id: 'a' }),
      { id: 'a' },
      { id: 7, principal: 'p' },
    ],
  ],
  'startAuthorization(ref.dataCenter)': [
    (zoho, _, dataCenter) => zoho.startAuthorization({ id: 'a', principal: 'p', dataCenter }),
    definedValues,
  ],
  'startAuthorization(options)': [
    (zoho, _, options) => zoho.startAuthorization({ id: 'a', principal: 'p' }, options),
    [...hostileValues, unreadable('scopes'), unreadable('returnTo')],
  ],
  'startAuthorization(options.scopes)': [
    (zoho, _, scopes) => zoho.startAuthorization({ id: 'a', principal: 'p' }, { scopes }),
    definedValues,
  ],
  'startAuthorization(options.returnTo)': [
    (zoho, _, returnTo) => zoho.startAuthorization({ id: 'a', principal: 'p' }, { returnTo }),
    definedValues,
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
    [...definedValues, unreadable('context'), { waitUntil: 7 }],
  ],
  'requireConnection(request)': [
    (zoho, _, value) => zoho.requireConnection(value),
    [...hostileValues, unreadable('url')],
  ],
  'requireConnection(from)': [
    (zoho, _, from) => zoho.requireConnection(request(), from),
    [...definedValues, unreadable('context'), unreadable('scopes')],
  ],
  'requireConnection(from.scopes)': [
    (zoho, _, scopes) => zoho.requireConnection(request(), { scopes }),
    definedValues,
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
    [...definedValues, -1, 1_001, 0.5, Infinity],
  ],
  'connections(query.after)': [(zoho, _, after) => zoho.connections({ after }), definedValues],
  'connections(query.principal)': [
    (zoho, _, principal) => zoho.connections({ principal }),
    hostileValues,
  ],
  'connections(query.pending)': [
    (zoho, _, pending) => zoho.connections({ pending }),
    definedValues,
  ],
  'recover(options)': [
    (zoho, _, options) => zoho.recover(options),
    [...hostileValues, unreadable('limit'), unreadable('after')],
  ],
  'recover(options.limit)': [
    (zoho, _, limit) => zoho.recover({ limit }),
    [...definedValues, -1, 0.5, -Infinity],
  ],
  'recover(options.after)': [(zoho, _, after) => zoho.recover({ after }), definedValues],
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
    definedValues,
  ],
  'exchangeSelfClientCode(grant.scopes)': [
    (_, acme, scopes) => acme.exchangeSelfClientCode('1000.code', { principal: 'p', scopes }),
    definedValues,
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
    [...definedValues, 'CONNECT', 'TRACE', 'track', 'G T', 'canary:'],
  ],
  'fetch(init.headers)': [
    (_, acme, headers) => acme.fetch('org', { headers }),
    [
      ...definedValues,
      { 'canary name': 'x' },
      { x: 'canary\n' },
      { x: 'canary→' },
      [['one']],
      { x: unprintable },
    ],
  ],
  'fetch(init.body)': [
    (_, acme, body) => acme.fetch('org', { method: 'POST', body }),
    definedValues,
  ],
  'fetch(init.body) of a GET': [
    (_, acme, body) => acme.fetch('org', { body }),
    ['canary', new Blob(['canary'])],
  ],
  'fetch(init.signal)': [(_, acme, signal) => acme.fetch('org', { signal }), definedValues],
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
