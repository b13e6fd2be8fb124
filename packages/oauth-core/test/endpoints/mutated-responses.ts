import fc from 'fast-check'
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

const pickAt = <V>(list: readonly V[], n: number): V => list[n % list.length] as V

/** Each function changes the text. The numbers `n` and `m` choose the place and the change. */
const mutations: readonly ((before: string, n: number, m: number) => string)[] = [
  // Cut off the end.
  (before, n) => before.slice(0, n % (before.length + 1)),
  // Flip one bit.
  (before, n, m) =>
    before.slice(0, n % before.length) +
    String.fromCharCode(before.charCodeAt(n % before.length) ^ (1 << (m % 8))) +
    before.slice((n % before.length) + 1),
  // Remove up to 39 characters.
  (before, n, m) =>
    before.slice(0, n % before.length) + before.slice((n % before.length) + (m % 40)),
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
  // Add a member.
  (before, n, m) =>
    before.replace('{', `{${JSON.stringify(pickAt(names, n))}:${pickAt(hostile, m)},`),
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
