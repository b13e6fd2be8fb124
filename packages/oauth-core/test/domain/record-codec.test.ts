import { describe, expect, test } from 'vitest'
import { decodeRecord, encodeRecord } from '../../src/domain/record-schema.ts'
import { noRecord } from '../../src/domain/record.ts'
import { full } from './sample.ts'

const parsedSample = () =>
  JSON.parse(encodeRecord(full)) as Record<string, never> & { tokens: Record<string, unknown> }
/** The sample record as text, with another value at `path`. */
const textWith = (path: string, value: unknown): string => {
  const copy = parsedSample()
  const names = path.split('.')
  const last = names.pop() as string
  const parent = names.reduce(
    (at: Record<string, unknown>, name) => at[name] as Record<string, unknown>,
    copy,
  )
  Object.defineProperty(parent, last, { value, enumerable: true })
  return JSON.stringify(copy)
}

describe('a record as text', () => {
  test('is equal after decoding, with its secrets', () => {
    const read = decodeRecord(encodeRecord(full))
    expect(read).toEqual(full)
    expect(read?.tokens?.refreshToken.reveal()).toBe('refresh-token-value')
    expect(read?.tokens?.accessToken?.token.reveal()).toBe('access-token-value')
    expect(read?.identity?.userName).toBe('Ann \ud800')
  })

  test('is equal after decoding if it is empty', () =>
    expect(decodeRecord(encodeRecord(noRecord))).toEqual(noRecord))

  test.each([
    '',
    'null',
    '[]',
    '1',
    '"text"',
    '{}',
    '{"format":1}',
    '{"format":1,"status":"active","attempts":[]}',
    'not json',
  ])('is not read from %s', (text) => {
    expect(decodeRecord(text)).toBeUndefined()
  })

  test.each([
    ['format', 2],
    ['format', '1'],
    ['status', 'alive'],
    ['status', null],
    ['since', 1.5],
    ['since', -1],
    ['since', 2 ** 53],
    ['since', '1'],
    ['since', null],
    ['principal', 7],
    ['tokens', []],
    ['tokens.refreshToken', ''.padEnd(8_193, 'x')],
    ['tokens.refreshToken', { reveal: 'x' }],
    ['tokens.scopes', ['two words']],
    ['tokens.scopes', 'ZohoRecruit.modules.ALL'],
    ['tokens.refreshTokenId', undefined],
    ['tokens.accessToken', 'token'],
    ['tokens.accessToken.expiresAt', undefined],
    ['tokens.dataCenter', 1],
    ['requestedScopes', ['a,b']],
    ['lease', {}],
    ['lease.until', '4'],
    ['attempts', {}],
    ['attempts', Array.from({ length: 1_001 }, () => ({ stateHash: 's', at: 1 }))],
    ['attempts.1.outcome', 'perhaps'],
    ['attempts.0', null],
    ['rejections.0.at', undefined],
    ['rejections', {}],
    ['rejections.0.endpoint', 7],
    ['coolDown.code', 'toString'],
    ['coolDown.code', '__proto__'],
    ['recentCalls', [null]],
    ['recentCalls', Array<number>(1_001).fill(1)],
    ['abandoned', {}],
    ['abandoned.0.refreshToken', { reveal: 'x' }],
    ['abandoned.0.refreshTokenId', undefined],
    ['abandoned.0.recentCalls', 12],
    ['abandoned.0.coolDown.code', 'toString'],
    ['identity', 'o1'],
    ['identity.userId', 1],
  ])('is not read with %s = %j', (path, value) => {
    expect(decodeRecord(textWith(path, value))).toBeUndefined()
  })

  test('is not read with the instant 1e999', () => {
    expect(decodeRecord(encodeRecord(full).replace('"since":1,', '"since":1e999,'))).toBeUndefined()
    expect(
      decodeRecord(encodeRecord(full).replace('"since":1,', '"since":-1e999,')),
    ).toBeUndefined()
  })

  test('drops unknown members', () => {
    expect(decodeRecord(textWith('extra', { secret: 1 }))).toEqual(full)
    expect(decodeRecord(textWith('tokens.extra', 1))).toEqual(full)
  })

  test('neither reads nor sets members of a prototype', () => {
    const hidden = encodeRecord(full).replace(
      '{"format":1,"status":"active",',
      '{"format":1,"__proto__":{"status":"active","polluted":true},',
    )
    expect(decodeRecord(hidden)).toBeUndefined()
    const both = decodeRecord(
      encodeRecord(full).replace(
        '{"format":1,',
        '{"format":1,"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},',
      ),
    )
    expect(both).toEqual(full)
    expect(Object.getPrototypeOf(both)).toBe(Object.prototype)
    expect({}).not.toHaveProperty('polluted')
  })

  test('has no members of a polluted prototype', () => {
    // oxlint-disable-next-line no-extend-native -- The polluted prototype is what is tested.
    Object.defineProperty(Object.prototype, 'principal', { value: 'eve', configurable: true })
    try {
      expect(Object.hasOwn(decodeRecord(encodeRecord(noRecord)) ?? {}, 'principal')).toBe(false)
    } finally {
      Reflect.deleteProperty(Object.prototype, 'principal')
    }
  })

  test('does not print its secrets', () =>
    expect(JSON.stringify(full)).not.toContain('token-value'))
})
