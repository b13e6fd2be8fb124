import { describe, expect, test } from 'vitest'
import { check } from './operations/check/check.ts'
import type { FinalState, History, Operation, TokenRequest } from './operations/history.ts'

const minute = 60_000
const restAt = 100 * minute

let numbers = 0
/** An operation on `c` in process `p`, which ends well after 10 ms. */
const operation = (
  verb: Operation['verb'],
  begin: number,
  more: Partial<Operation> = {},
): Operation => ({
  number: ++numbers,
  verb,
  connection: 'c',
  process: 'p',
  begin,
  end: begin + 10,
  outcome: 'ok',
  stoppedMs: 0,
  ...(verb === 'accessToken' && (more.outcome ?? 'ok') === 'ok' && { accessToken: 'access' }),
  ...more,
})

const state = (more: Partial<FinalState> = {}): FinalState => ({
  connection: 'c',
  status: 'active',
  listed: 'active',
  works: 'ok',
  worksLater: 'ok',
  counted: 1,
  storedRefreshToken: 'refresh',
  living: [{ refreshToken: 'refresh', createdAt: 1_000 }],
  afterwards: { consent: 'ok', fetch: 'ok', refresh: 'ok', revoke: 'ok', status: 'revoked' },
  ...more,
})

const ended = {
  status: 'revoked',
  listed: 'revoked',
  works: 'connection-revoked',
  worksLater: 'connection-revoked',
} as const
const empty: Partial<FinalState> = { ...ended, counted: 0, living: [] }
const revoked = (): FinalState => {
  const { storedRefreshToken: _none, ...rest } = state(empty)
  return rest
}

const request = (sentAt: number, more: Partial<TokenRequest> = {}): TokenRequest => ({
  connection: 'c',
  process: 'p',
  grant: 'refresh_token',
  refreshToken: 'refresh',
  sentAt,
  afterRefusal: false,
  answer: 'ok',
  issued: { accessToken: `access-${sentAt}` },
  ...more,
})

const exchangeOf = (
  consent: Operation,
  refreshToken: string,
  accessToken: string,
): TokenRequest => {
  const { refreshToken: _none, ...rest } = request(consent.begin + 1)
  return {
    ...rest,
    grant: 'authorization_code',
    operation: consent.number,
    issued: { refreshToken, accessToken },
  }
}

interface Given extends Partial<Omit<History, 'final'>> {
  readonly rest?: FinalState
  readonly pending?: readonly string[]
  readonly failures?: readonly string[]
}

/** The rules that a history breaks. */
const broken = ({ rest = state(), pending = [], failures = [], ...given }: Given): string[] => {
  const nothing = { operations: [], requests: [], storeFailures: [], throttles: [], refusals: [] }
  const history: History = {
    ...nothing,
    ...given,
    final: { at: restAt, connections: [rest], pending, failures },
  }
  return check(history).flatMap(({ rule, violations }) =>
    violations.map(({ text }) => `${rule}: ${text}`),
  )
}

const connected = () => operation('consent', 1_000)

test('a quiet history breaks no rule', () => {
  const operations = [connected(), operation('accessToken', 2_000), operation('refresh', 3_000)]
  expect(broken({ operations, requests: [request(3_001)] })).toEqual([])
})

describe('1: a token after an acknowledged revocation', () => {
  const end = () => operation('revoke', 5_000)

  test.each<[string, () => Operation[]]>([
    ['in the same process, at once', () => [end(), operation('accessToken', 5_011)]],
    [
      'in the same process, after forget()',
      () => [operation('forget', 5_000), operation('accessToken', 5_011)],
    ],
    [
      'by fetch(), which was sent with a token',
      () => [end(), operation('fetch', 5_011, { accessToken: 'access' })],
    ],
    [
      'in another process, more than 30 s later',
      () => [end(), operation('accessToken', 40_000, { process: 'q' })],
    ],
    [
      'after a consent that failed',
      () => [
        end(),
        operation('consent', 6_000, { outcome: 'grant-not-stored' }),
        operation('accessToken', 7_000),
      ],
    ],
    [
      'although a killed consent was long over',
      () => [
        operation('consent', 2_000, { outcome: 'killed' }),
        operation('revoke', 20_000),
        operation('accessToken', 20_011),
      ],
    ],
  ])('%s', (_, operations) => {
    expect(broken({ operations: [connected(), ...operations()], rest: revoked() })).toEqual([
      expect.stringMatching(
        /^1: #\d+ (accessToken|fetch)\(\) got token access\. It began \d+ ms after/,
      ),
    ])
  })

  test.each<[string, () => Operation[]]>([
    ['began before it was acknowledged', () => [end(), operation('accessToken', 5_009)]],
    [
      'in another process, within 30 s',
      () => [end(), operation('accessToken', 30_000, { process: 'q' })],
    ],
    [
      'that was not acknowledged',
      () => [
        operation('revoke', 5_000, { outcome: 'revocation-failed' }),
        operation('accessToken', 6_000),
      ],
    ],
    [
      'after a newer consent',
      () => [end(), operation('consent', 6_000), operation('accessToken', 7_000)],
    ],
    [
      'after a consent that was under way',
      () => [operation('consent', 4_995), end(), operation('accessToken', 6_000)],
    ],
    [
      'after a consent with an unknown outcome',
      () => [
        end(),
        operation('consent', 6_000, { outcome: 'grant-outcome-unknown' }),
        operation('accessToken', 7_000),
      ],
    ],
    [
      'and none was given',
      () => [end(), operation('accessToken', 6_000, { outcome: 'connection-revoked' })],
    ],
  ])('is none: %s', (_, operations) => {
    const all = [connected(), ...operations()]
    expect(
      broken({
        operations: all,
        rest: all.at(-2)?.verb === 'consent' ? state() : revoked(),
      }).filter((text) => text.startsWith('1')),
    ).toEqual([])
  })

  test('is none where another process could not read its store', () => {
    const operations = [connected(), end(), operation('accessToken', 50_000, { process: 'q' })]
    const storeFailures = [{ process: 'q', doing: 'read' as const, at: 45_000 }]
    expect(broken({ operations, storeFailures, rest: revoked() })).toEqual([])
    expect(
      broken({
        operations,
        storeFailures: [{ process: 'p', doing: 'read', at: 45_000 }],
        rest: revoked(),
      }),
    ).toHaveLength(1)
  })
})

describe('2: a lost consent', () => {
  const none = { status: 'none', works: 'not-connected', worksLater: 'not-connected', counted: 1 }

  test('that nobody ended', () => {
    const { listed: _none, ...rest } = state(none)
    expect(broken({ operations: [connected()], rest })).toEqual([
      expect.stringMatching(
        /^2: The consent #\d+ was acknowledged .*, but at rest the status is none/,
      ),
    ])
  })

  test('whose token does not work', () => {
    expect(
      broken({ operations: [connected()], rest: state({ worksLater: 'accounts-server-error' }) }),
    ).toContainEqual(expect.stringMatching(/^2: .*an hour later accounts-server-error/))
  })

  test('that a caller missed in between', () => {
    const operations = [connected(), operation('accessToken', 30_000, { outcome: 'not-connected' })]
    expect(broken({ operations })).toEqual([
      expect.stringMatching(/^2: .*#\d+ accessToken\(\) failed with not-connected/),
    ])
  })

  test('although a revocation was over before it began', () => {
    const { listed: _none, ...rest } = state(none)
    expect(broken({ operations: [operation('revoke', 100), connected()], rest })).toHaveLength(1)
  })

  test.each(['ok', 'killed', 'revocation-failed', 'store-unavailable'])(
    'is none after a revocation that ended with %s',
    (outcome) => {
      expect(
        broken({
          operations: [connected(), operation('revoke', 2_000, { outcome })],
          rest: revoked(),
        }),
      ).toEqual([])
    },
  )
})

describe('3: a record that is stuck', () => {
  test('a pending row', () => {
    expect(broken({ operations: [connected()], pending: ['c'] })).toEqual([
      '3: The row c is still pending.',
    ])
  })

  test.each(['consent', 'fetch', 'refresh', 'revoke', 'status'])('%s does not go on', (name) => {
    const rest = state({ afterwards: { ...state().afterwards, [name]: 'store-contended' } })
    expect(broken({ operations: [connected()], rest })).toEqual([
      `3: c at rest can't be used on: ${name} gives store-contended.`,
    ])
  })

  test('a rotation that did not end', () => {
    expect(broken({ operations: [connected()], failures: ['deploy: no'] })).toEqual([
      '3: deploy: no',
    ])
  })
})

describe("4: Zoho's budgets", () => {
  test('more than ten requests with one refresh token in ten minutes', () => {
    const requests = Array.from({ length: 11 }, (_, index) => request(2_000 + index * 50_000))
    expect(broken({ operations: [connected()], requests })).toEqual([
      '4: 11 token requests with refresh token refresh in ten minutes.',
    ])
    expect(broken({ operations: [connected()], requests: requests.slice(1) })).toEqual([])
    const slower = requests.map((one, index) => ({ ...one, sentAt: 2_000 + index * 61_000 }))
    expect(broken({ operations: [connected()], requests: slower })).toEqual([])
  })

  test('a budget that the emulator saw exceeded', () => {
    expect(
      broken({
        operations: [connected()],
        refusals: [{ what: 'authorizationCodeBudget', user: '' }],
      }),
    ).toEqual(['4: The emulator: authorizationCodeBudget of the client.'])
  })

  test('a request during a throttle', () => {
    const throttles = [{ connection: 'c', at: 10_000, until: 10_000 + 10 * minute }]
    const before = request(9_900, { answer: 'Access Denied' })
    const during = (sentAt: number, refreshToken = 'refresh') => ({
      operations: [connected()],
      throttles,
      requests: [before, request(sentAt, { refreshToken })],
    })
    expect(broken(during(5 * minute))).toEqual([
      expect.stringMatching(/^4: .*sent a token request 290 s after a throttle of 600 s/),
    ])
    expect(broken(during(11 * minute))).toEqual([])
    expect(broken(during(5 * minute, 'of a newer consent'))).toEqual([])
  })

  test('an endpoint that always answers 401 costs two requests', () => {
    const calls = [
      operation('fetchRefused', 2_000, { outcome: 'http-401' }),
      operation('fetchRefused', 90_000, { outcome: 'http-401' }),
    ]
    const requests = calls.map(({ number, begin }) =>
      request(begin + 1, { operation: number, afterRefusal: true }),
    )
    const given = { operations: [connected(), ...calls], requests }
    expect(broken(given)).toEqual([
      expect.stringMatching(/^4: 2 token requests .* because one endpoint answers 401\.$/),
    ])
    expect(broken({ ...given, requests: requests.slice(1) })).toEqual([])
    expect(
      broken({ ...given, requests: requests.map((one) => ({ ...one, afterRefusal: false })) }),
    ).toEqual([])
    const [first, second] = requests as [TokenRequest, TokenRequest]
    expect(
      broken({ ...given, requests: [first, { ...second, refreshToken: 'of a newer consent' }] }),
    ).toEqual([])
    expect(
      broken({ ...given, requests, storeFailures: [{ process: 'p', doing: 'write', at: 90_500 }] }),
    ).toEqual([])
  })

  test('and keeps other callers from their token', () => {
    const calls = [2_000, 3_000].map((begin) =>
      operation('fetchRefused', begin, { outcome: 'http-401' }),
    )
    const requests = calls.map(({ number, begin }) =>
      request(begin + 1, { operation: number, afterRefusal: true }),
    )
    const blocked = operation('accessToken', 5_000, { outcome: 'refresh-budget-spent' })
    expect(broken({ operations: [connected(), ...calls, blocked], requests })).toContainEqual(
      expect.stringMatching(
        /^4: #\d+ accessToken\(\) failed with refresh-budget-spent after 2 token requests/,
      ),
    )
  })
})

describe('5: refresh tokens that are counted', () => {
  const two = [
    { refreshToken: 'refresh', createdAt: 1_000 },
    { refreshToken: 'other', createdAt: 1_500 },
  ]

  test('one lives that nobody counts', () => {
    expect(broken({ operations: [connected()], rest: state({ living: two }) })).toEqual([
      expect.stringMatching(/^5: c at rest: the record counts 1 refresh tokens. 2 live at Zoho/),
    ])
  })

  test('one is counted that never lived', () => {
    expect(broken({ operations: [connected()], rest: state({ counted: 2 }) })).toEqual([
      expect.stringMatching(/^5: .* 1 can be accounted for/),
    ])
  })

  test('a consent with an unknown outcome may count', () => {
    const operations = [connected(), operation('consent', 1_500, { outcome: 'killed' })]
    expect(broken({ operations, rest: state({ counted: 2 }) })).toEqual([])
    expect(broken({ operations, rest: state({ counted: 3 }) })).toHaveLength(1)
  })

  test('forget() forgets the count, and what came later counts', () => {
    const operations = [connected(), operation('forget', 5_000), operation('consent', 90_000)]
    const later = [
      { refreshToken: 'old', createdAt: 1_000 },
      { refreshToken: 'refresh', createdAt: 90_001 },
    ]
    expect(broken({ operations, rest: state({ living: later }) })).toEqual([])
    const more = [...later, { refreshToken: 'unknown', createdAt: 95_000 }]
    expect(broken({ operations, rest: state({ living: more }) })).toHaveLength(1)
  })

  test('a stored one that is not counted', () => {
    expect(
      broken({ operations: [connected()], rest: state({ counted: 0, living: [] }) }),
    ).toContainEqual(expect.stringMatching(/^5: .* a refresh token is stored, and none is counted/))
  })
})

describe('6: a status that is not true', () => {
  test('the list says otherwise', () => {
    expect(broken({ operations: [connected()], rest: state({ listed: 'needs-consent' }) })).toEqual(
      ['6: c at rest: status() says active, connections() says needs-consent.'],
    )
  })

  test('active, and the refresh token is dead at Zoho', () => {
    const living = [{ refreshToken: 'other', createdAt: 1_000 }]
    expect(broken({ operations: [connected()], rest: state({ living }) })).toEqual([
      expect.stringMatching(/^6: .*its refresh token is dead at Zoho/),
    ])
  })

  test('active after the connection was ended', () => {
    const operations = [connected(), operation('revoke', 20_000)]
    expect(broken({ operations })).toEqual([
      '6: c at rest: active, but the connection was ended after the last consent.',
    ])
  })

  test('revoked, and the refresh token lives', () => {
    const consent = connected()
    const operations = [consent, operation('revoke', 20_000)]
    const rest = { ...revoked(), counted: 1, living: state().living }
    expect(
      broken({ operations, rest, requests: [exchangeOf(consent, 'refresh', 'access')] }),
    ).toEqual([
      expect.stringMatching(
        /^6: .*revoked, but the refresh token refresh of consent #\d+ lives at Zoho/,
      ),
    ])
  })

  describe('a consent that was reported as failed becomes active', () => {
    const failed = () => operation('consent', 2_000, { outcome: 'grant-not-stored' })

    test('its token is served', () => {
      const consent = failed()
      const operations = [
        connected(),
        consent,
        operation('accessToken', 9_000, { accessToken: 'late' }),
      ]
      expect(broken({ operations, requests: [exchangeOf(consent, 'lost', 'late')] })).toEqual([
        expect.stringMatching(
          /^6: The consent #\d+ was reported as failed .*, but later #\d+ accessToken\(\) was/,
        ),
      ])
    })

    test('it is stored at rest', () => {
      const consent = failed()
      const rest = state({
        counted: 1,
        storedRefreshToken: 'lost',
        living: [{ refreshToken: 'lost', createdAt: 2_000 }],
      })
      expect(
        broken({
          operations: [connected(), consent],
          rest,
          requests: [exchangeOf(consent, 'lost', 'late')],
        }),
      ).toEqual([expect.stringMatching(/^6: .*its refresh token lost is stored/)])
    })

    test('a refresh uses it', () => {
      const consent = failed()
      const call = operation('fetch', 9_000, { outcome: 'accounts-server-error' })
      const requests = [
        exchangeOf(consent, 'lost', 'late'),
        request(9_001, { refreshToken: 'lost', operation: call.number, answer: 'invalid_code' }),
      ]
      expect(broken({ operations: [connected(), consent, call], requests })).toEqual([
        expect.stringMatching(/^6: .*its refresh token lost was used by #\d+/),
      ])
    })

    test('one with an unknown outcome may', () => {
      const consent = { ...failed(), outcome: 'grant-outcome-unknown' }
      const operations = [
        connected(),
        consent,
        operation('accessToken', 9_000, { accessToken: 'late' }),
      ]
      expect(broken({ operations, requests: [exchangeOf(consent, 'lost', 'late')] })).toEqual([])
    })
  })
})

describe('7: an answer that does not fit, or comes too late', () => {
  test.each<[string, Partial<Operation>, RegExp]>([
    [
      'an error that is not the library\u2019s',
      { outcome: 'foreign: TypeError: terminated' },
      /^7: #\d+ accessToken\(\) ended with foreign: TypeError/,
    ],
    ['a code that does not fit', { outcome: 'key-unknown' }, /^7: .*ended with key-unknown/],
    [
      'needs-consent, though nobody took it back',
      { outcome: 'needs-consent' },
      /^7: .*ended with needs-consent/,
    ],
    ['more than 18 s', { end: 2_000 + 31_000 }, /^7: .*took 31000 ms/],
  ])('%s', (_, more, message) => {
    expect(broken({ operations: [connected(), operation('accessToken', 2_000, more)] })).toEqual([
      expect.stringMatching(message),
    ])
  })

  test('in a sweep', () => {
    const operations = [
      connected(),
      operation('recover', 2_000, { outcome: 'failed: c store-unavailable, c record-unreadable' }),
    ]
    expect(broken({ operations })).toEqual([
      expect.stringMatching(/^7: #\d+ recover\(\) ended with failed/),
    ])
  })

  test('is none: its process was stopped for so long, or the code is a new one', () => {
    const operations = [
      connected(),
      operation('accessToken', 2_000, { end: 60_000, stoppedMs: 50_000 }),
      operation('consent', 61_000, { outcome: 'attempts-exhausted' }),
      operation('recover', 62_000, { outcome: 'failed: c revocation-failed' }),
    ]
    expect(broken({ operations })).toEqual([])
  })
})
