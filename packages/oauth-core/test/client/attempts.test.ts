import { describe, expect, it } from 'vitest'
import type { RecruitOAuthError } from '../../src/index.ts'
import {
  errorCodeOf,
  grant,
  startSetup,
  minute,
  refusal,
  startConsent,
  second,
  type Setup,
} from './setup.ts'

const refOf = (principal: string) => ({ id: 'acme', principal })

/** The error of a callback with an invented code, while this member is signed in. */
const errorOfInventedCode = async (
  setup: Setup,
  principal: string,
): Promise<RecruitOAuthError | undefined> => {
  const browser = await startConsent(setup.options(), refOf(principal))
  setup.script.token = refusal('invalid_code')
  return browser.complete({ code: '1000.invented' }, refOf(principal)).then(
    () => undefined,
    (error) => error,
  )
}
const codeOfConsent = async (setup: Setup, principal: string) => {
  const browser = await startConsent(setup.options(), refOf(principal))
  setup.script.token = grant()
  return errorCodeOf(browser.complete({ code: '1000.code' }, refOf(principal)))
}
const startAttacked = async (times: number, principal = 'mallory') => {
  const setup = await startSetup()
  const codes: (string | undefined)[] = []
  for (let attempts = 0; attempts < times; attempts++)
    codes.push((await errorOfInventedCode(setup, principal))?.code)
  return { ...setup, codes }
}

describe('callbacks with invented codes', () => {
  it('G12: of one team member do not lock out another', async () => {
    const setup = await startAttacked(32)
    expect(await codeOfConsent(setup, 'admin')).toBe('ok')
  })

  it('G12: are limited to ten in ten minutes by an error with `retryAt`', async () => {
    const setup = await startAttacked(12)
    expect(setup.codes.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'code-rejected'))
    expect(setup.codes.slice(10)).toEqual(['attempts-exhausted', 'attempts-exhausted'])
    const error = await errorOfInventedCode(setup, 'mallory')
    expect([error?.source, error?.remedy]).toEqual(['user', 'retry'])
    expect(error?.retryAt).toBeGreaterThan(setup.time.now())
    expect(error?.retryAt).toBeLessThanOrEqual(setup.time.now() + 10 * minute)
    const sent = setup.tokenCalls().length
    await errorOfInventedCode(setup, 'mallory')
    expect(setup.tokenCalls().length).toBe(sent)
    setup.time.advance(10 * minute + second)
    expect(await codeOfConsent(setup, 'mallory')).toBe('ok')
  })

  it('G12: do not block a Self Client code, even of the same principal', async () => {
    const setup = await startAttacked(12, 'ann')
    setup.script.token = grant()
    const acme = setup.client().connection('acme')
    expect(await errorCodeOf(acme.exchangeSelfClientCode('1000.self', { principal: 'ann' }))).toBe(
      'ok',
    )
    for (let codes = 0; codes < 12; codes++) {
      expect(
        await errorCodeOf(acme.exchangeSelfClientCode(`1000.self.${codes}`, { principal: 'ann' })),
      ).toBe('ok')
    }
  })

  it('G12: do not block a consent after forget()', async () => {
    const setup = await startAttacked(12, 'ann')
    await setup.client().connection('acme').forget()
    expect(await codeOfConsent(setup, 'ann')).toBe('ok')
  })

  it('G12: of many principals do not lock out the next principal', async () => {
    const setup = await startSetup()
    for (let member = 0; member < 15; member++) {
      for (let attempts = 0; attempts < 11; attempts++)
        await errorOfInventedCode(setup, `member ${member}`)
    }
    expect(await codeOfConsent(setup, 'admin')).toBe('ok')
  })
})
