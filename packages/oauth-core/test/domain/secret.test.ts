import { Console } from 'node:console'
import { PassThrough } from 'node:stream'
import { format, inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { Secret, isSecret } from '../../src/domain/secret.ts'

const value = 'canary-5f1c9a'
const secret = new Secret(value)
const nested = {
  list: [secret],
  map: new Map([[secret, secret]]),
  error: Object.assign(new Error('x'), { secret }),
}
const consoleOutput = (write: (console: Console) => void): string => {
  const stream = new PassThrough()
  write(new Console({ stdout: stream, stderr: stream }))
  return String(stream.read())
}
const showEverything = { showHidden: true, depth: Infinity, getters: true } as const

describe('a secret', () => {
  test('returns its value from reveal()', () => expect(secret.reveal()).toBe(value))

  test.each<[string, () => string]>([
    ['a template literal', () => `<${secret as unknown as string}>`],
    ['String()', () => String(secret)],
    ['concatenation', () => '<' + (secret as unknown as string)],
    ['JSON', () => JSON.stringify({ secret, nested })],
    ['inspection', () => inspect(nested, showEverything)],
    [
      'the console',
      () =>
        consoleOutput((console) => {
          console.log(secret, nested)
          console.error('%s %o %O %j', secret, secret, secret, secret)
          console.dir(secret, showEverything)
          console.table([secret])
        }),
    ],
    ['format', () => format('%s %o %O %j', secret, secret, secret, secret)],
  ])('prints as [secret] in %s', (_where, print) => {
    expect(print()).toContain('[secret]')
    expect(print()).not.toContain(value)
  })

  test('does not print its value even if its own methods are not called', () => {
    expect(inspect(nested, { ...showEverything, customInspect: false })).not.toContain(value)
    expect(JSON.stringify(Object.getOwnPropertyDescriptors(secret))).not.toContain(value)
    expect(consoleOutput((console) => console.table(secret))).not.toContain(value)
    expect([Object.keys(secret), Object.entries(secret), Object.assign({}, secret)]).toEqual([
      [],
      [],
      {},
    ])
  })

  test('is not part of a structured clone', () => {
    expect(inspect(structuredClone({ secret }), showEverything)).not.toContain(value)
    expect(isSecret(structuredClone(secret))).toBe(false)
  })

  test('is not quoted in errors', () => {
    const attempts = [
      () => Reflect.apply(secret.reveal, {}, []),
      () => new Headers({ a: secret as never }).get('a'),
      () => new URL(secret as never),
    ]
    for (const attempt of attempts) {
      try {
        expect(attempt()).not.toContain(value)
      } catch (error) {
        expect(inspect(error, showEverything)).not.toContain(value)
      }
    }
  })

  test('is recognized by its brand, even from a second copy of the class', () => {
    const copy = Object.defineProperty(
      { reveal: () => value },
      Symbol.for('@zrecruit/oauth/secret'),
      { value: true },
    )
    expect([secret, copy].map(isSecret)).toEqual([true, true])
    expect([undefined, null, value, {}, { '@zrecruit/oauth/secret': true }].map(isSecret)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ])
  })
})
