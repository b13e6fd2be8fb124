import { describe, expect, it } from 'vitest'
import { decodeCodeQuota, encodeCodeQuota } from '../../src/domain/code-quota.ts'

describe('the stored quota of authorization codes', () => {
  it('is equal after encoding and decoding', () => {
    const quota = { exchangedAt: [1_790_000_000_000, 1_790_000_000_500] }
    expect(decodeCodeQuota(encodeCodeQuota(quota))).toEqual(quota)
  })

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"issuedAt":"1"}',
    '{"issuedAt":[-1]}',
    '{"issuedAt":[1.5]}',
    '{"issuedAt":["1"]}',
    `{"issuedAt":[${Array.from({ length: 101 }, () => 1).join()}]}`,
  ])('is not read from %j', (text) => {
    expect(decodeCodeQuota(text)).toBeUndefined()
  })
})
