import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { errorCodes, isErrorCode, type ErrorCode } from '../../src/errors/codes.ts'
import { RecruitOAuthError, isRecruitOAuthError } from '../../src/errors/recruit-oauth-error.ts'

const codes = Object.keys(errorCodes) as ErrorCode[]

describe('every code', () => {
  test.each(codes)('%s has a summary and a hint', (code) => {
    const { summary, hint, source, remedy } = errorCodes[code]
    for (const sentence of [summary, hint]) expect(sentence).toMatch(/^[A-Z`].{3,}[a-z)`"A-Z]\.$/)
    expect(['app', 'configuration', 'user', 'zoho', 'network', 'store']).toContain(source)
    expect(['retry', 'ask-consent', 'fix-configuration', 'report']).toContain(remedy)
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/)
  })

  test('a name of Object.prototype is no code', () => {
    expect(['throttled', 'toString', '__proto__', 'constructor', ''].map(isErrorCode)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ])
  })
})

describe('an error', () => {
  test('takes source, remedy, summary and hint from the table', () => {
    const error = new RecruitOAuthError('throttled', {
      retryAt: 7,
      dataCenter: 'eu',
      zohoStatus: 400,
    })
    expect(Object.assign({}, error)).toEqual({
      name: 'RecruitOAuthError',
      code: 'throttled',
      source: 'zoho',
      remedy: 'retry',
      summary: errorCodes.throttled.summary,
      hint: errorCodes.throttled.hint,
      retryAt: 7,
      dataCenter: 'eu',
      zohoStatus: 400,
    })
    expect(error.message).toBe(`${errorCodes.throttled.summary} ${errorCodes.throttled.hint}`)
  })

  test('can have its own summary and hint', () => {
    const error = new RecruitOAuthError('configuration-invalid', {
      summary: '`scopes` is empty.',
      hint: 'Name one.',
      remedy: 'report',
    })
    expect([error.message, error.hint, error.remedy]).toEqual([
      '`scopes` is empty. Name one.',
      'Name one.',
      'report',
    ])
  })

  test('is equal after conversion to JSON and back', () => {
    const inner = new RecruitOAuthError('store-unavailable', { written: 'unknown' })
    const error = new RecruitOAuthError('grant-not-stored', {
      summary: 'The table is missing.',
      hint: 'Run migrate().',
      remedy: 'report',
      dataCenter: 'eu',
      zohoStatus: 200,
      retryAt: 7,
      errors: [inner],
    })
    const read = RecruitOAuthError.fromJSON(JSON.parse(JSON.stringify(error)))
    expect(read).toBeInstanceOf(RecruitOAuthError)
    expect([read.message, read.toJSON()]).toEqual([error.message, error.toJSON()])
    expect(read.errors?.[0]?.written).toBe('unknown')
  })

  test.each([undefined, null, 'text', {}, { code: 'unknown' }, { code: 'toString' }])(
    'is not read from %j',
    (json) => {
      expect(() => RecruitOAuthError.fromJSON(json as never)).toThrow(/not the JSON/)
    },
  )

  test('has no cause and no member without a value', () => {
    const error = new RecruitOAuthError('not-connected', {
      retryAt: undefined,
      errors: [],
      cause: new Error('secret'),
    } as never)
    expect('cause' in error).toBe(false)
    expect(Object.keys(error).toSorted()).toEqual([
      'code',
      'hint',
      'name',
      'remedy',
      'source',
      'summary',
    ])
    expect(inspect(error, { showHidden: true, depth: Infinity })).not.toContain('secret')
  })

  test('can contain the errors of the clean-up', () => {
    const inner = new RecruitOAuthError('revocation-failed')
    expect(new RecruitOAuthError('grant-not-stored', { errors: [inner] }).errors).toEqual([inner])
  })

  test('is recognized from another copy of the class', async () => {
    const address = '../../src/errors/recruit-oauth-error.ts?copy'
    const copy = (await import(/* @vite-ignore */ address)) as {
      RecruitOAuthError: typeof RecruitOAuthError
    }
    const error = new copy.RecruitOAuthError('throttled')
    expect(error).not.toBeInstanceOf(RecruitOAuthError)
    expect(isRecruitOAuthError(error)).toBe(true)
    const impostors = [
      new Error('x'),
      { code: 'throttled', name: 'RecruitOAuthError' },
      null,
      undefined,
      'throttled',
      { '@zrecruit/oauth/error': true },
    ]
    expect(impostors.filter(isRecruitOAuthError)).toEqual([])
  })

  test('prints its message, not its brand', () => {
    expect(JSON.stringify(new RecruitOAuthError('throttled'))).not.toContain('zrecruit')
    expect(String(new RecruitOAuthError('throttled'))).toMatch(
      /^RecruitOAuthError: Zoho is throttling/,
    )
  })
})
