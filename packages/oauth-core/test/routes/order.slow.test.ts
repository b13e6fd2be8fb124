import { createHash } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { errorCodeOf, grant, startSetup, minute, startConsent } from '../client/setup.ts'
import { faultyStore } from '../client/faulty-store.ts'
import { freshSeed, mulberry, pick } from './random.ts'
import { byScript, navigation, createBrowser } from './browser.ts'

/** A client that records its calls of the app, the store and Zoho in `steps`. */
const startRecorded = async () => {
  const steps: string[] = []
  const store = faultyStore()
  const setup = await startSetup({ store: store.wrap })
  store.before.read = async () => void steps.push('read')
  store.before.write = async () => void steps.push('write')
  setup.script.token = grant()
  const session: { who: { id: string; principal: string } | undefined } = {
    who: { id: 'acme', principal: 'ann' },
  }
  const zoho = setup.client({
    onEvent: () => {},
    connectionFor: () => {
      steps.push('session')
      return session.who
    },
    fetch: (url, init) => {
      steps.push(new URL(url).pathname)
      return fetch(url, init)
    },
  })
  return { ...setup, steps, session, zoho }
}
type RecordedSetup = Awaited<ReturnType<typeof startRecorded>>

interface Arrival {
  parameters: URLSearchParams
  cookies: [name: string, value: string][]
  method: string
}

/** The defects of a callback, in the order in which they are checked. */
const defects: [
  what: string,
  code: string,
  spoil: (arrival: Arrival, setup: RecordedSetup) => void,
][] = [
  ['HEAD', 'method-not-allowed', (arrival) => void (arrival.method = 'HEAD')],
  ['two states', 'callback-malformed', ({ parameters }) => parameters.append('state', 'x')],
  ['no cookie', 'callback-unbound', (arrival) => void (arrival.cookies = [])],
  ['eleven minutes old', 'callback-expired', (_, { time }) => time.advance(11 * minute)],
  ['nobody signed in', 'principal-missing', (_, { session }) => void (session.who = undefined)],
  [
    'another user',
    'principal-mismatch',
    (_, { session }) => void (session.who &&= { id: 'acme', principal: 'bob' }),
  ],
  [
    'an error',
    'consent-failed',
    ({ parameters }) => {
      parameters.delete('code')
      parameters.set('error', 'server_error')
    },
  ],
  [
    'an unknown accounts server',
    'data-center-unknown',
    ({ parameters }) => parameters.set('accounts-server', 'https://accounts.zoho.com.evil.example'),
  ],
  ['a token', 'callback-malformed', ({ parameters }) => parameters.set('access_token', '1000.x')],
]

const sendCallback = async (setup: RecordedSetup, ...spoils: (typeof defects)[number][2][]) => {
  const browser = createBrowser(setup.zoho)
  const state = await browser.startConsent()
  const arrival: Arrival = {
    parameters: new URLSearchParams({ state, code: '1000.code' }),
    cookies: [...browser.jar],
    method: 'GET',
  }
  for (const spoil of spoils) spoil(arrival, setup)
  setup.steps.length = 0
  const cookie = arrival.cookies.map(([name, value]) => `${name}=${value}`).join('; ')
  // As a script, so that the response is never the page that reloads itself.
  return createBrowser(setup.zoho).send(
    `/zoho/callback?${arrival.parameters}`,
    { ...byScript, ...(cookie && { cookie }) },
    arrival.method,
  )
}

/** Callbacks without an effect may read who is signed in, and whether the consent has finished. */
const isEffect = (step: string): boolean => step !== 'session' && step !== 'read'

describe('B1: in a callback,', () => {
  const pairs = defects.flatMap((first, index) =>
    defects
      .slice(index + 1)
      .map((second): [string, string, (typeof defects)[number], (typeof defects)[number]] => [
        first[0],
        second[0],
        first,
        second,
      ]),
  )

  it.each(pairs)(
    '%s is reported before %s, without a request or a write',
    async (_first, _second, [, code, spoil], [, , spoilMore]) => {
      const setup = await startRecorded()
      expect((await sendCallback(setup, spoil, spoilMore)).code).toBe(code)
      expect(setup.steps.filter(isEffect)).toEqual([])
    },
  )

  it.each(defects)('%s alone leads to %s, without a request or a write', async (_, code, spoil) => {
    const setup = await startRecorded()
    expect((await sendCallback(setup, spoil)).code).toBe(code)
    expect(setup.steps.filter(isEffect)).toEqual([])
  })

  it('the steps are: find the user, store the attempt, get tokens, store the grant', async () => {
    const setup = await startRecorded()
    expect((await sendCallback(setup)).status).toBe(303)
    const steps = setup.steps.filter((step) => step !== 'read')
    expect(steps.slice(0, 4)).toEqual(['session', 'write', '/oauth/v2/token', 'write'])
    expect(setup.steps.filter((step) => step.startsWith('/'))).toEqual(['/oauth/v2/token'])
  })
})

it('B1, B9: a hundred thousand invalid callbacks make no request and no write', async () => {
  const setup = await startRecorded()
  const seed = freshSeed()
  const random = mulberry(seed)
  const browser = createBrowser(setup.zoho)
  const begun: { state: string; cookie: [string, string] }[] = []
  for (let tab = 0; tab < 5; tab++)
    begun.push({
      state: await browser.startConsent(),
      cookie: [...browser.jar].at(-1) as [string, string],
    })
  const junk = (): string => {
    let text = ''
    for (let left = random() % 12; left > 0; left--)
      text += String.fromCharCode(random() % (random() % 3 ? 0x7f : 0xd800))
    return text
  }
  // Some bits of the last base64url character have no meaning, so it is not altered.
  const altered = (text: string): string => {
    const at = random() % (text.length - 1)
    return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
  }
  const spoils: ((arrival: Arrival) => void)[] = [
    ({ parameters }) => parameters.set('state', altered(pick(begun, random()).state)),
    ({ parameters }) => parameters.set('state', junk()),
    ({ parameters }) => parameters.delete('state'),
    ({ parameters }) =>
      parameters.append(
        pick(['state', 'code', 'error', 'location', 'accounts-server', 'iss'], random()),
        junk() || 'x',
      ),
    ({ parameters }) => parameters.set('accounts-server', `x${junk()}`),
    ({ parameters }) => parameters.set('iss', `x${junk()}`),
    ({ parameters }) =>
      parameters.set(pick(['token', 'access_token', 'id_token', 'response'], random()), junk()),
    ({ parameters }) => {
      parameters.delete('code')
      parameters.set('error', `x${junk()}`)
    },
    ({ parameters }) => parameters.set('code', `${junk()} `),
    ({ parameters }) => parameters.set('x', 'x'.repeat(9_000)),
    (arrival) => void (arrival.cookies = []),
    (arrival) =>
      void (arrival.cookies = arrival.cookies.map(([name, value]) => [name, altered(value)])),
    (arrival) =>
      void (arrival.cookies = arrival.cookies.map(([name, value]) => [altered(name), value])),
    (arrival) => void (arrival.cookies = [...arrival.cookies, ...arrival.cookies]),
    (arrival) => {
      // Each cookie gets the value of another one.
      arrival.cookies = arrival.cookies.map(([name]) => {
        const own = begun.findIndex(({ cookie }) => cookie[0] === name)
        const other = pick(begun, own + 1 + (random() % 4))
        return [name, other.cookie[1]]
      })
    },
    (arrival) =>
      void (arrival.method = pick(['HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'], random())),
  ]
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0 // Stack traces take half of the time.
  onTestFinished(() => void (Error.stackTraceLimit = stackTraceLimit))
  setup.steps.length = 0
  const codes = new Set<string | undefined>()
  for (let index = 0; index < 100_000; index++) {
    const { state, cookie } = pick(begun, random())
    const arrival: Arrival = {
      parameters: new URLSearchParams({ state, code: '1000.code' }),
      cookies: [cookie],
      method: 'GET',
    }
    // Each defect is applied at most once, as two equal defects could cancel each other.
    for (const spoil of new Set(
      [random(), random(), random()].slice(random() % 3).map((n) => pick(spoils, n)),
    ))
      spoil(arrival)
    const headers = {
      ...(random() % 2 ? navigation : byScript),
      cookie: arrival.cookies.map(([name, value]) => `${name}=${value}`).join('; '),
    }
    const response = await setup.zoho.handle(
      new Request(`https://app.example.com/zoho/callback?${arrival.parameters}`, {
        method: arrival.method,
        headers,
      }),
    )
    const refused = response !== undefined && response.status >= 400
    if (!refused || setup.steps.some(isEffect))
      expect.fail(
        `seed ${seed}: ${response?.status} ${arrival.method} ${arrival.parameters} ` +
          `${JSON.stringify(arrival.cookies)} ${setup.steps.join()}`,
      )
    if (index % 100 === 0)
      codes.add(/(?:"code":"|<code>)([a-z-]+)/.exec((await response?.text()) ?? '')?.[1])
    setup.steps.length = 0
  }
  expect(setup.server.received).toEqual([])
  expect([...codes].toSorted()).toEqual([
    'callback-malformed',
    'callback-unbound',
    'consent-failed',
    'data-center-unknown',
    'method-not-allowed',
  ])
  // The requests are still valid, as no callback has used one.
  expect((await browser.sendCallback(begun[0]?.state as string)).status).toBe(303)
}, 240_000)

it('B16: keeps only the digest of a state in the cookie name and in the record', async () => {
  const setup = await startSetup()
  setup.script.token = grant()
  const browser = await startConsent(setup.options())
  const digest = createHash('sha256').update(browser.state).digest('base64url')
  expect(browser.cookie.name).toBe(`__Host-zro-${digest.slice(0, 8)}`)
  expect(await errorCodeOf(browser.complete())).toBe('ok')
  const { record } = await browser.context.repository.read('acme')
  expect(record.attempts.map(({ stateHash }) => stateHash)).toEqual([digest])
})
