import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openBinding } from '../../src/client/consent/browser-binding.ts'
import { readParameters } from '../../src/client/consent/callback.ts'
import { createClientContext } from '../../src/client/context.ts'
import { configure } from '../../src/config/configure.ts'
import { isRecruitOAuthError } from '../../src/index.ts'
import { faultyStore } from './faulty-store.ts'
import {
  complete,
  codeOf,
  grant,
  house,
  key,
  minute,
  refusal,
  returning,
  tally,
  times,
} from './house.ts'

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
    return isRecruitOAuthError(error) ? error.code : `not ours: ${String(error)}`
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

  it('B4: throws no other error for any query', () => {
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

describe('a callback that does not match the request, the browser or the user', () => {
  const arrived = async () => {
    const store = faultyStore()
    const home = await house({ store: store.wrap })
    const browser = await returning(home.options())
    return { ...home, ...store, browser }
  }
  type Arrived = Awaited<ReturnType<typeof arrived>>

  it.each<[string, string, (arrived: Arrived) => Promise<unknown>]>([
    [
      'S1: with another state',
      'callback-unbound',
      ({ browser }) => browser.complete({ code: '1', state: 'T'.repeat(43) }),
    ],
    [
      'S3: of another user',
      'principal-mismatch',
      ({ browser }) => browser.complete({ code: '1' }, { id: 'acme', principal: 'bob' }),
    ],
    [
      'S3: of another connection',
      'principal-mismatch',
      ({ browser }) => browser.complete({ code: '1' }, { id: 'globex', principal: 'ann' }),
    ],
    [
      'of a request from eleven minutes ago',
      'callback-expired',
      ({ browser, time }) => {
        time.push(11 * minute)
        return browser.complete()
      },
    ],
    [
      'of a request from the future',
      'callback-expired',
      ({ browser, time }) => {
        time.push(-5 * minute)
        return browser.complete()
      },
    ],
    [
      'with access_denied',
      'consent-refused',
      ({ browser }) => browser.complete({ error: 'access_denied' }),
    ],
    [
      'with another error',
      'consent-failed',
      ({ browser }) => browser.complete({ error: 'server_error', code_: '1' }),
    ],
    [
      'B8: with another issuer',
      'callback-malformed',
      ({ browser }) => browser.complete({ code: '1', iss: 'https://accounts.zoho.eu' }),
    ],
    [
      'B5: with an unknown accounts server',
      'data-center-unknown',
      ({ browser }) =>
        browser.complete({ code: '1', 'accounts-server': 'https://accounts.zoho.eu' }),
    ],
    [
      'B6: with an unknown location',
      'data-center-unknown',
      ({ browser }) => browser.complete({ code: '1', location: 'mars' }),
    ],
    [
      'B5: with the location `__proto__`',
      'data-center-unknown',
      ({ browser }) => browser.complete({ code: '1', location: '__proto__' }),
    ],
  ])('%s makes no request and writes nothing', async (_, code, act) => {
    const home = await arrived()
    expect(await codeOf(act(home))).toBe(code)
    expect([home.server.received.length, home.counts.writes]).toEqual([0, 0])
  })

  it('S4, C5: does not open a cookie of another client, name or key', async () => {
    const home = await arrived()
    const { name, value } = home.browser.cookie
    const config = configure(home.options())
    expect((await openBinding(config, name, value))?.principal).toBe('ann')
    expect(await openBinding(config, `${name}x`, value)).toBe(undefined)
    expect(
      await openBinding(configure(home.options({ clientId: '1000.OTHER' })), name, value),
    ).toBe(undefined)
    expect(
      await openBinding(
        configure(home.options({ encryptionKeys: [Buffer.alloc(32, 8).toString('base64')] })),
        name,
        value,
      ),
    ).toBe(undefined)
    expect(
      await openBinding(
        configure(home.options({ encryptionKeys: [Buffer.alloc(32, 8).toString('base64'), key] })),
        name,
        value,
      ),
    ).toBeDefined()
    for (const at of [0, 5, 20, value.length - 2])
      expect(
        await openBinding(
          config,
          name,
          value.slice(0, at) + (value[at] === 'A' ? 'B' : 'A') + value.slice(at + 1),
        ),
      ).toBe(undefined)
  })
})

describe('tokens and issuers in a callback', () => {
  const arrived = async () => {
    const home = await house()
    home.script.token = grant()
    return { home, browser: await returning(home.options()) }
  }

  it.each(['token', 'id_token', 'access_token', 'response'])(
    'B18: refuses a callback with %s beside its code, even if it is empty',
    async (name) => {
      const { home, browser } = await arrived()
      for (const value of ['1000.token', ''])
        expect(await codeOf(browser.complete({ code: '1000.code', [name]: value }))).toBe(
          'callback-malformed',
        )
      expect(home.server.received).toEqual([])
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

  it('B18: requests response_type=code', async () => {
    expect(new URL((await arrived()).browser.url).searchParams.getAll('response_type')).toEqual([
      'code',
    ])
  })

  it('B8: accepts the issuer of the data center', async () => {
    const { home, browser } = await arrived()
    expect(await codeOf(browser.complete({ code: '1000.code', iss: home.server.origin }))).toBe(
      'ok',
    )
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
    const { home, browser } = await arrived()
    const iss = spell(home.server.origin)
    expect([
      await codeOf(browser.complete({ code: '1000.code', iss })),
      await codeOf(browser.complete({ error: 'server_error', iss })),
    ]).toEqual(['callback-malformed', 'consent-failed'])
    expect(home.server.received).toEqual([])
  })
})

describe('a callback that was used before', () => {
  it('B2: is refused after success', async () => {
    const home = await house()
    home.script.token = grant()
    const browser = await returning(home.options())
    expect([await codeOf(browser.complete()), await codeOf(browser.complete())]).toEqual([
      'ok',
      'callback-replayed',
    ])
    expect(home.tokenCalls().length).toBe(1)
  })

  it('B2: is refused after failure', async () => {
    const home = await house()
    home.script.token = refusal('invalid_code')
    const browser = await returning(home.options())
    expect([await codeOf(browser.complete()), await codeOf(browser.complete())]).toEqual([
      'code-rejected',
      'callback-replayed',
    ])
    expect(home.tokenCalls().length).toBe(1)
  })

  it('B2: costs one request when fifty copies arrive at two processes at once', async () => {
    const home = await house()
    home.script.token = grant()
    const browser = await returning(home.options())
    const other = createClientContext(configure(home.options()))
    const callback = {
      dangerousQuery: new URLSearchParams({ state: browser.state, code: '1000.code' }).toString(),
      readCookie: () => browser.cookie,
      resolveUser: async () => ({ id: 'acme', principal: 'ann' }),
    }
    const all = await Promise.all(
      times(50, (index) => codeOf(complete(index % 2 ? other : browser.engine, callback))),
    )
    expect(tally(all)).toEqual({ ok: 1, 'callback-replayed': 49 })
    expect(home.tokenCalls().length).toBe(1)
  })
})
