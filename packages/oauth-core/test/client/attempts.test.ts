import { describe, expect, it } from 'vitest'
import type { RecruitOAuthError } from '../../src/index.ts'
import { codeOf, grant, house, minute, refusal, returning, second, type House } from './house.ts'

const team = (principal: string) => ({ id: 'acme', principal })

/** Completes a request of this member with an invented code. */
const inventCode = async (
  home: House,
  principal: string,
): Promise<RecruitOAuthError | undefined> => {
  const browser = await returning(home.options(), team(principal))
  home.script.token = refusal('invalid_code')
  return browser.complete({ code: '1000.invented' }, team(principal)).then(
    () => undefined,
    (error) => error,
  )
}
const consent = async (home: House, principal: string) => {
  const browser = await returning(home.options(), team(principal))
  home.script.token = grant()
  return codeOf(browser.complete({ code: '1000.code' }, team(principal)))
}
const startAttacked = async (times: number, principal = 'mallory') => {
  const home = await house()
  const codes: (string | undefined)[] = []
  for (let attempts = 0; attempts < times; attempts++)
    codes.push((await inventCode(home, principal))?.code)
  return { ...home, codes }
}

describe('callbacks with invented codes', () => {
  it('G12: of one team member do not lock out another', async () => {
    const home = await startAttacked(32)
    expect(await consent(home, 'admin')).toBe('ok')
  })

  it('G12: are limited to ten in ten minutes by an error with `retryAt`', async () => {
    const home = await startAttacked(12)
    expect(home.codes.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'code-rejected'))
    expect(home.codes.slice(10)).toEqual(['attempts-exhausted', 'attempts-exhausted'])
    const error = await inventCode(home, 'mallory')
    expect([error?.source, error?.remedy]).toEqual(['user', 'retry'])
    expect(error?.retryAt).toBeGreaterThan(home.time.now())
    expect(error?.retryAt).toBeLessThanOrEqual(home.time.now() + 10 * minute)
    const sent = home.tokenCalls().length
    await inventCode(home, 'mallory')
    expect(home.tokenCalls().length).toBe(sent)
    home.time.push(10 * minute + second)
    expect(await consent(home, 'mallory')).toBe('ok')
  })

  it('G12: do not block a Self Client code, even of the same principal', async () => {
    const home = await startAttacked(12, 'ann')
    home.script.token = grant()
    const acme = home.client().connection('acme')
    expect(await codeOf(acme.exchangeSelfClientCode('1000.self', { principal: 'ann' }))).toBe('ok')
    for (let codes = 0; codes < 12; codes++) {
      expect(
        await codeOf(acme.exchangeSelfClientCode(`1000.self.${codes}`, { principal: 'ann' })),
      ).toBe('ok')
    }
  })

  it('G12: do not block a consent after forget()', async () => {
    const home = await startAttacked(12, 'ann')
    await home.client().connection('acme').forget()
    expect(await consent(home, 'ann')).toBe('ok')
  })

  it('G12: of many principals do not lock out the next principal', async () => {
    const home = await house()
    for (let member = 0; member < 15; member++) {
      for (let attempts = 0; attempts < 11; attempts++) await inventCode(home, `member ${member}`)
    }
    expect(await consent(home, 'admin')).toBe('ok')
  })
})
