import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isWellFormed, toBase64url } from '../../../src/internal/text.ts'
import { additionalData, createKeyRing, open, seal } from '../../../src/store/seal.ts'
import { random, secretKey } from './key.ts'

const keys = createKeyRing(() => [secretKey(1)])
const identity = ['1', 'client', 'acme']
const sealed = (text: string, by = keys) => seal(by, random, 'record', identity, text)

describe('an envelope', () => {
  test('opens to the same text, for any text', async () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }).filter(isWellFormed),
      fc.constantFrom('', '\ufeffwith a mark', '.', '\0', 'x'.repeat(60_000)),
    )
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        expect(await open(keys, 'record', identity, await sealed(text))).toEqual({ text })
      }),
    )
  })

  test('has a version, a key id, an IV of twelve bytes and the ciphertext', async () => {
    expect(await sealed('text')).toMatch(/^1\.[\w-]{8}\.[\w-]{16}\.[\w-]{27}$/)
  })

  test('has a new IV each time: ten thousand envelopes have different IVs', async () => {
    const ivs = new Set<string>()
    for (let count = 0; count < 10_000; count++) ivs.add((await sealed('')).split('.')[2] as string)
    expect(ivs.size).toBe(10_000)
  })

  test('opens only with its own identity and purpose', async () => {
    const envelope = await sealed('text')
    for (const other of [
      [],
      ['1', 'client'],
      ['1', 'client', 'acme', ''],
      ['1', 'client', 'ACME'],
      ['1', 'clientacme', ''],
      ['1client', 'acme'],
      ['client', '1', 'acme'],
      ['1', 'client', 'acm\u00e9'],
      ['', '1', 'client', 'acme'],
    ]) {
      expect(await open(keys, 'record', other, envelope)).toEqual({ failure: 'record-unreadable' })
    }
    expect(await open(keys, 'browser-binding', identity, envelope)).toEqual({
      failure: 'key-unknown',
    })
    const [version, , iv, rest] = envelope.split('.')
    const renamed = [version, (await keys.sealingKey('browser-binding')).id, iv, rest].join('.')
    expect(await open(keys, 'browser-binding', identity, renamed)).toEqual({
      failure: 'record-unreadable',
    })
  })

  test('does not open if any bit was changed', async () => {
    const [version, id, iv, rest] = (await sealed('a text of some length')).split('.') as [
      string,
      string,
      string,
      string,
    ]
    for (const part of [iv, rest]) {
      for (let bit = 0; bit < Buffer.from(part, 'base64url').length * 8; bit++) {
        const bytes = Buffer.from(part, 'base64url')
        bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
        const changed =
          part === iv
            ? [version, id, toBase64url(bytes), rest]
            : [version, id, iv, toBase64url(bytes)]
        expect(await open(keys, 'record', identity, changed.join('.'))).toEqual({
          failure: 'record-unreadable',
        })
      }
    }
  })

  test('fails with record-unreadable, not key-unknown, if its form is invalid', async () => {
    for (const envelope of [
      '1.AAAAAAAA.AAAA.AAAA',
      '1.AAAAAAAA..',
      '2.AAAAAAAA.AAAAAAAAAAAAAAAA.AAAA',
      '1.AAAAAAAA.AAAAAAAAAAAAAAAA.AAAA.AAAA',
      '1.AAAAAAAA.AAAAAAAAAAAAAAAA.!',
    ]) {
      expect(await open(keys, 'record', identity, envelope)).toEqual({
        failure: 'record-unreadable',
      })
    }
    expect(await open(keys, 'record', identity, '1.AAAAAAAA.AAAAAAAAAAAAAAAA.AAAA')).toEqual({
      failure: 'key-unknown',
    })
  })

  test('opens only in the exact spelling that was sealed', async () => {
    const [version, id, iv, text] = (await sealed('text')).split('.')
    for (const other of [
      [version, id, `${iv}=`, text],
      [version, id, iv, `${text}=`],
      [version, `${id}=`, iv, text],
      ['01', id, iv, text],
      [version, id, iv, text, ''],
    ]) {
      expect(await open(keys, 'record', identity, other.join('.'))).toEqual({
        failure: 'record-unreadable',
      })
    }
  })

  test('fails without an exception for random text', async () => {
    const validEnvelope = await sealed('text')
    const garbage = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc
        .array(
          fc.constantFrom(
            '1',
            '2',
            '',
            '.',
            'AAAAAAAA',
            'AAAAAAAAAAAAAAAA',
            'AAAAAAAAAAAAAAAAAAAAAA',
            '=',
            '\0',
            '__proto__',
          ),
          { maxLength: 8 },
        )
        .map((parts) => parts.join('.')),
      fc.nat({ max: validEnvelope.length - 1 }).map((end) => validEnvelope.slice(0, end)),
      fc
        .tuple(fc.nat({ max: validEnvelope.length - 1 }), fc.string({ minLength: 1, maxLength: 3 }))
        .map(([at, text]) => validEnvelope.slice(0, at) + text + validEnvelope.slice(at)),
    )
    await fc.assert(
      fc.asyncProperty(garbage, async (envelope) => {
        const opened = await open(keys, 'record', identity, envelope)
        expect('failure' in opened || (envelope === validEnvelope && opened.text === 'text')).toBe(
          true,
        )
      }),
      { numRuns: 3_000 },
    )
  })
})

describe('a key ring', () => {
  test('seals with its first key, and opens with every key', async () => {
    const old = createKeyRing(() => [secretKey(1)])
    const both = createKeyRing(() => [secretKey(2), secretKey(1)])
    const young = createKeyRing(() => [secretKey(2)])
    const before = await sealed('before', old)
    const during = await sealed('during', both)
    expect(await open(both, 'record', identity, before)).toEqual({ text: 'before' })
    expect(await open(young, 'record', identity, during)).toEqual({ text: 'during' })
    expect(await open(young, 'record', identity, before)).toEqual({ failure: 'key-unknown' })
    expect(await open(old, 'record', identity, during)).toEqual({ failure: 'key-unknown' })
  })

  test('has stable and unique key ids, and a key that cannot be exported', async () => {
    const ids = await Promise.all(
      [secretKey(1), secretKey(2)].flatMap((secret) =>
        (['record', 'browser-binding'] as const).map(
          async (purpose) => (await createKeyRing(() => [secret]).sealingKey(purpose)).id,
        ),
      ),
    )
    expect(new Set(ids).size).toBe(4)
    expect((await createKeyRing(() => [secretKey(1)]).sealingKey('record')).id).toBe(ids[0])
    const { key } = await keys.sealingKey('record')
    expect([key.extractable, key.algorithm]).toEqual([false, { name: 'AES-GCM', length: 256 }])
  })
})

describe('additional data', () => {
  const field = fc.oneof(
    fc.constantFrom(
      '',
      '.',
      ':',
      '\0',
      '\0\0\0\u0001a',
      'a',
      'aa',
      'record',
      '\u00e9',
      'e\u0301',
      ',',
    ),
    fc.string({ unit: 'binary', maxLength: 6 }).filter(isWellFormed),
  )
  const tuple = fc.array(field, { maxLength: 5 })
  const bytes = (fields: readonly string[]) =>
    Buffer.from(additionalData('record', fields)).toString('hex')

  test('is different for different identities', () => {
    fc.assert(
      fc.property(tuple, tuple, (one, other) => {
        expect(bytes(one) === bytes(other)).toBe(JSON.stringify(one) === JSON.stringify(other))
      }),
      { numRuns: 5_000 },
    )
    const known = new Map<string, string>()
    fc.assert(
      fc.property(tuple, (fields) => {
        const text = JSON.stringify(fields)
        expect(known.get(bytes(fields)) ?? text).toBe(text)
        known.set(bytes(fields), text)
      }),
      { numRuns: 20_000 },
    )
  })

  test('is different for two ways to split the same text', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 2, maxLength: 8 }), fc.nat(), fc.nat(), (text, n, m) => {
        const a = n % text.length
        const b = m % text.length
        expect(
          bytes([text.slice(0, a), text.slice(a)]) === bytes([text.slice(0, b), text.slice(b)]),
        ).toBe(a === b)
      }),
    )
  })
})
