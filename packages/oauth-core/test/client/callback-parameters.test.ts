import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readParameters } from '../../src/client/consent/callback.ts'
import { isRecruitOAuthError } from '../../src/index.ts'
import { errorCodeOf, grant, startSetup, startConsent } from './setup.ts'

const state = 'S'.repeat(43)

const validQuery = new URLSearchParams({
  state,
  code: '1000.code',
  location: 'eu',
  'accounts-server': 'https://accounts.zoho.eu',
}).toString()

const parseOutcome = (query: string): string => {
  try {
    readParameters(query)
    return 'ok'
  } catch (error) {
    return isRecruitOAuthError(error) ? error.code : `another error: ${String(error)}`
  }
}

describe('parsing a callback query', () => {
  it.each([
    ['accepts the query that Zoho sends', validQuery],
    ['accepts unknown parameters', `${validQuery}&utm_source=x&x=1&x=2`],
    ['accepts an error in place of a code', `state=${state}&error=access_denied`],
    ['accepts the longest code', `state=${state}&code=${'c'.repeat(2_048)}`],
  ])('%s', (_, query) => expect(parseOutcome(query)).toBe('ok'))

  it.each([
    ['an empty query', ''],
    ['a query without a state', 'code=1000.code'],
    ['a short state', 'code=1000.code&state=S'],
    ['a long state', `code=1000.code&state=${state}S`],
    ['a state with other characters', `code=1000.code&state=${'%00'.repeat(43)}`],
    ['neither code nor error', `state=${state}`],
    ['both code and error', `${validQuery}&error=access_denied`],
    ['an empty code', `state=${state}&code=`],
    ['a code that is too long', `state=${state}&code=${'c'.repeat(2_049)}`],
    ['a space in the code', `state=${state}&code=a%20b`],
    ['a line break in the code', `state=${state}&code=a%0d%0ab`],
    ['a code with a letter outside ASCII', `state=${state}&code=%C3%A9`],
    ['a query that is too long', `${validQuery}&x=${'y'.repeat(8_192)}`],
    ...['code', 'state', 'error', 'location', 'accounts-server', 'iss'].map(
      (name): [string, string] => [`${name} twice`, `${validQuery}&${name}=x&${name}=x`],
    ),
  ] as [string, string][])('B4: refuses %s', (_, query) =>
    expect(parseOutcome(query)).toBe('callback-malformed'),
  )

  it('B4: throws no error but callback-malformed for any query', () => {
    const part = fc.oneof(
      fc.constantFrom(
        'code',
        'state',
        'error',
        'location',
        'accounts-server',
        'iss',
        '=',
        '&',
        state,
        '%',
        '%00',
        '+',
        '__proto__',
      ),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
        expect(['ok', 'callback-malformed']).toContain(parseOutcome(parts.join('')))
      }),
      { numRuns: 2_000 },
    )
  })

  it('ignores other parameters, even if they are repeated', () =>
    expect(parseOutcome(`${validQuery}&__proto__=x&client_secret=x&client_secret=y`)).toBe('ok'))
})

describe('a client', () => {
  const startRequest = async () => {
    const setup = await startSetup()
    setup.script.token = grant()
    return { setup, browser: await startConsent(setup.options()) }
  }

  it.each(['token', 'id_token', 'access_token', 'response'])(
    'B18: refuses a callback with a code and the parameter %s, even an empty one',
    async (name) => {
      const { setup, browser } = await startRequest()
      for (const value of ['1000.token', ''])
        expect(await errorCodeOf(browser.complete({ code: '1000.code', [name]: value }))).toBe(
          'callback-malformed',
        )
      expect(setup.server.received).toEqual([])
    },
  )

  it.each(['token', 'id_token', 'access_token'])(
    'B18: refuses a callback with %s in place of a code',
    (name) => {
      expect(
        parseOutcome(`state=${state}&${name}=1000.token&token_type=bearer&expires_in=3600`),
      ).toBe('callback-malformed')
    },
  )

  it('B18: requests a code by response_type=code', async () => {
    expect(
      new URL((await startRequest()).browser.url).searchParams.getAll('response_type'),
    ).toEqual(['code'])
  })

  it('B8: accepts the issuer of the data center', async () => {
    const { setup, browser } = await startRequest()
    expect(
      await errorCodeOf(browser.complete({ code: '1000.code', iss: setup.server.origin })),
    ).toBe('ok')
  })

  it.each<[string, (own: string) => string]>([
    ['of another data center', () => 'https://accounts.zoho.eu'],
    ['that is empty', () => ''],
    ['with a slash behind it', (own) => `${own}/`],
    ['with a path', (own) => `${own}/oauth/v2`],
    ['with a user', (own) => own.replace('//', '//evil@')],
    ['in capitals', (own) => own.toUpperCase()],
    ['behind a space', (own) => ` ${own}`],
    ['with a suffix', (own) => `${own}.evil.example`],
    ['without a scheme', (own) => own.replace(/^http:/, '')],
  ])('B8: refuses an issuer %s, beside a code or an error', async (_, spell) => {
    const { setup, browser } = await startRequest()
    const iss = spell(setup.server.origin)
    expect([
      await errorCodeOf(browser.complete({ code: '1000.code', iss })),
      await errorCodeOf(browser.complete({ error: 'server_error', iss })),
    ]).toEqual(['callback-malformed', 'consent-failed'])
    expect(setup.server.received).toEqual([])
  })
})
