import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeRecord, encodeRecord } from '../../src/domain/record-schema.ts'
import type { ConnectionRecord } from '../../src/domain/record.ts'
import { isSecret } from '../../src/domain/secret.ts'
import { isErrorCode } from '../../src/errors/codes.ts'
import { addMember, pickAt, textMutations, type Mutation } from '../mutations.ts'
import { full } from './sample.ts'

const text = encodeRecord(full)
const values = [...text.matchAll(/(?<=[:,[])(?:"[^"]*"|\d+|\{\}|\[\])/g)]
const hostile = [
  'null',
  'true',
  '-1',
  '1.5',
  '1e999',
  '-0',
  '9007199254740992',
  '""',
  '"\\ud800"',
  '{}',
  '[]',
  '[[[[]]]]',
  '{"__proto__":{"polluted":1}}',
  `[${'0,'.repeat(1_500)}0]`,
  `"${'x'.repeat(9_000)}"`,
  '"active"',
  '"__proto__"',
  '{"length":1e9}',
]
const names = ['__proto__', 'constructor', 'toString', 'status', 'tokens', 'hasOwnProperty']
const mutations: readonly Mutation[] = [
  ...textMutations,
  // Replace one value with another value of the record, or with a hostile value. The positions in
  // `values` are those in the original text, so a text that was changed before stays as it is.
  (before, n, m) => {
    const value = pickAt(values, n)
    return before === text
      ? text.slice(0, value.index) +
          pickAt([...hostile, ...values.map(([other]) => other)], m) +
          text.slice(value.index + value[0].length)
      : before
  },
  addMember(names, hostile),
  // Rename a member.
  (before, n, m) =>
    before.replaceAll(
      JSON.stringify(pickAt(['status', 'tokens', 'attempts', 'scopes', 'until'], n)),
      JSON.stringify(pickAt(names, m)),
    ),
]

const expectWellTyped = (value: ConnectionRecord): void => {
  const fail = (what: string) => expect.fail(`${what}: ${JSON.stringify(value)}`)
  const instants = [
    value.since,
    value.lease?.until,
    value.coolDown?.until,
    value.tokens?.accessToken?.expiresAt,
    value.tokens?.accessToken?.issuedAt,
    ...value.recentCalls,
    ...value.attempts.map((one) => one.at),
    ...(value.abandoned ?? []).flatMap((one) => [one.coolDown?.until, ...one.recentCalls]),
    ...(value.rejections ?? []).map((one) => one.at),
  ]
  if (instants.some((one) => one !== undefined && !Number.isSafeInteger(one))) fail('an instant')
  const { tokens } = value
  const texts = [
    value.principal,
    tokens?.refreshTokenId,
    tokens?.dataCenter,
    tokens?.apiDomain,
    tokens?.accessToken?.id,
    value.lease?.holder,
    ...(tokens?.scopes ?? []),
    ...(value.requestedScopes ?? []),
    ...value.attempts.flatMap((one) => [one.stateHash, one.id, one.limitedPrincipal]),
    ...(value.abandoned ?? []).flatMap((one) => [one.dataCenter, one.refreshTokenId]),
    ...(value.rejections ?? []).map((one) => one.endpoint),
    ...Object.values(value.identity ?? {}),
  ]
  if (texts.some((one) => one !== undefined && typeof one !== 'string')) fail('a text')
  if (!['none', 'active', 'needs-consent', 'revoking', 'revoked'].includes(value.status))
    fail('the status')
  if (
    tokens &&
    !(isSecret(tokens.refreshToken) && typeof tokens.refreshToken.reveal() === 'string')
  )
    fail('the refresh token')
  if (tokens?.accessToken && !isSecret(tokens.accessToken.token)) fail('the access token')
  if (value.abandoned?.some((one) => !isSecret(one.refreshToken))) fail('an abandoned token')
  if (value.coolDown && !isErrorCode(value.coolDown.code)) fail('a code')
  if (
    Object.keys(value).some((key) => !(key in full)) ||
    Object.getPrototypeOf(value) !== Object.prototype
  )
    fail('a member')
}

test('a hundred thousand mutated texts give a well-typed record or no record', () => {
  let read = 0
  let refused = 0
  const steps = fc.array(fc.tuple(fc.nat({ max: mutations.length - 1 }), fc.nat(), fc.nat()), {
    minLength: 1,
    maxLength: 2,
  })
  fc.assert(
    fc.property(steps, (chosen) => {
      const mutated = chosen.reduce(
        (before, [kind, n, m]) => (before ? pickAt(mutations, kind)(before, n, m) : before),
        text,
      )
      const value = decodeRecord(mutated)
      if (value) expectWellTyped(value)
      if (value) read++
      else refused++
    }),
    { numRuns: 100_000 },
  )
  expect({}).not.toHaveProperty('polluted')
  expect(Math.min(read, refused)).toBeGreaterThan(5_000)
})
