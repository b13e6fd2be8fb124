import fc from 'fast-check'
import { addMember, pickAt, textMutations, type Mutation } from '../mutations.ts'
import { accessToken, refreshToken } from './calls.ts'

export const canary = 'canary-7f3a9b'

const bodies = [
  JSON.stringify({
    access_token: accessToken,
    refresh_token: refreshToken,
    api_domain: 'https://www.zohoapis.eu',
    token_type: 'Bearer',
    expires_in: 3600,
    scope: 'ZohoRecruit.org.READ',
    note: canary,
  }),
  JSON.stringify({ access_token: accessToken, expires_in_sec: 3600, expires_in: 3_600_000 }),
  `{"error":"invalid_code","note":"${canary}"}`,
  `{"error_description":"${canary}","error":"Access Denied","status":"failure"}`,
  '{"status":"success"}',
  `<!doctype html><title>${canary}</title>`,
]

const hostile = [
  'null',
  'true',
  '-1',
  '1.5',
  '1e999',
  '-0',
  '9007199254740993',
  '""',
  '"\\ud800"',
  '{}',
  '[]',
  '[[[[]]]]',
  '{"__proto__":{"polluted":1}}',
  `"${canary}\\r\\nx: y"`,
  '"invalid_client"',
  '"failure"',
  '"__proto__"',
  '86401',
  '"3600"',
  '"Bearer"',
  `"${'a'.repeat(5_000)}"`,
]

const names = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'error',
  'status',
  'access_token',
  'refresh_token',
  'expires_in',
  'expires_in_sec',
  'token_type',
  'scope',
  'api_domain',
  'error_description',
]

const mutations: readonly Mutation[] = [
  ...textMutations,
  // Replace one value with a hostile value.
  (before, n, m) => {
    const values = [...before.matchAll(/(?<=:)(?:"[^"]*"|\d+)/g)]
    const value = values.length > 0 ? pickAt(values, n) : undefined
    return value
      ? before.slice(0, value.index) +
          pickAt(hostile, m) +
          before.slice(value.index + value[0].length)
      : before
  },
  addMember(names, hostile),
  // Rename a member, or a text value that is equal to a name.
  (before, n, m) =>
    before.replaceAll(JSON.stringify(pickAt(names, n)), JSON.stringify(pickAt(names, m))),
]

export const mutatedText = fc
  .tuple(
    fc.nat(),
    fc.array(fc.tuple(fc.nat({ max: mutations.length - 1 }), fc.nat(), fc.nat()), {
      minLength: 1,
      maxLength: 2,
    }),
  )
  .map(([n, steps]) =>
    steps.reduce(
      (before, [kind, x, y]) => (before ? pickAt(mutations, kind)(before, x, y) : before),
      pickAt(bodies, n),
    ),
  )
