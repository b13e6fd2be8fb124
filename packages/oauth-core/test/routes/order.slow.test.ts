import { createHash } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { codeOf, grant, house, minute, returning } from '../client/house.ts'
import { faultyStore } from '../client/faulty-store.ts'
import { freshSeed, mulberry, pick } from './random.ts'
import { byScript, navigation, visitor } from './visits.ts'

/** A client whose every step outwards is noted, and somebody who may be signed in. */
const watched = async () => {
  const steps: string[] = []
  const store = faultyStore()
  const home = await house({ store: store.wrap })
  store.before.read = async () => void steps.push('read')
  store.before.write = async () => void steps.push('write')
  home.script.token = grant()
  const session: { who: { id: string; principal: string } | undefined } = {
    who: { id: 'acme', principal: 'ann' },
  }
  const zoho = home.client({
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
  return { ...home, steps, session, zoho }
}
type Watched = Awaited<ReturnType<typeof watched>>

interface Arrival {
  parameters: URLSearchParams
  cookies: [name: string, value: string][]
  method: string
}

/** What can be wrong with a callback, in the order in which it is looked at. */
const defects: [what: string, code: string, spoil: (arrival: Arrival, house: Watched) => void][] = [
  ['HEAD', 'method-not-allowed', (arrival) => void (arrival.method = 'HEAD')],
  ['two codes', 'callback-malformed', ({ parameters }) => parameters.append('state', 'x')],
  ['no cookie', 'callback-unbound', (arrival) => void (arrival.cookies = [])],
  ['eleven minutes old', 'callback-expired', (_, { time }) => time.push(11 * minute)],
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
    'a stranger’s accounts server',
    'data-center-unknown',
    ({ parameters }) => parameters.set('accounts-server', 'https://accounts.zoho.com.evil.example'),
  ],
  ['a token', 'callback-malformed', ({ parameters }) => parameters.set('access_token', '1000.x')],
]

const arriving = async (home: Watched, ...spoils: (typeof defects)[number][2][]) => {
  const browser = visitor(home.zoho)
  const state = await browser.begin()
  const arrival: Arrival = {
    parameters: new URLSearchParams({ state, code: '1000.code' }),
    cookies: [...browser.jar],
    method: 'GET',
  }
  for (const spoil of spoils) spoil(arrival, home)
  home.steps.length = 0
  const cookie = arrival.cookies.map(([name, value]) => `${name}=${value}`).join('; ')
  // A script's request, so that nothing is answered with a page that reloads.
  return visitor(home.zoho).send(
    `/zoho/callback?${arrival.parameters}`,
    { ...byScript, ...(cookie && { cookie }) },
    arrival.method,
  )
}

describe('B1: the order in which a callback is judged', () => {
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
    '%s comes before %s, and neither reaches the network or writes',
    async (_first, _second, [, code, spoil], [, , spoilMore]) => {
      const home = await watched()
      expect((await arriving(home, spoil, spoilMore)).code).toBe(code)
      expect(home.steps.filter((step) => step !== 'session')).toEqual([])
    },
  )

  it.each(defects)(
    '%s alone: %s, and nothing was asked of the store or of Zoho',
    async (_, code, spoil) => {
      const home = await watched()
      expect((await arriving(home, spoil)).code).toBe(code)
      expect(home.steps.filter((step) => step !== 'session')).toEqual([])
    },
  )

  it('a good one: who is there, then the attempt is stored, then the code is sent, then the grant is stored', async () => {
    const home = await watched()
    expect((await arriving(home)).status).toBe(303)
    const steps = home.steps.filter((step) => step !== 'read')
    expect(steps.slice(0, 4)).toEqual(['session', 'write', '/oauth/v2/token', 'write'])
    expect(home.steps.filter((step) => step.startsWith('/'))).toEqual(['/oauth/v2/token'])
  })
})

it('B1, B9: a hundred thousand callbacks with something wrong: no call, and nothing written', async () => {
  const home = await watched()
  const seed = freshSeed()
  const random = mulberry(seed)
  const browser = visitor(home.zoho)
  const begun: { state: string; cookie: [string, string] }[] = []
  for (let tab = 0; tab < 5; tab++)
    begun.push({
      state: await browser.begin(),
      cookie: [...browser.jar].at(-1) as [string, string],
    })
  const junk = (): string => {
    let text = ''
    for (let left = random() % 12; left > 0; left--)
      text += String.fromCharCode(random() % (random() % 3 ? 0x7f : 0xd800))
    return text
  }
  // The last character of base64url holds bits that mean nothing: it is left alone.
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
    (arrival) =>
      void (arrival.cookies = arrival.cookies.map(([name]) => [
        name,
        pick(begun, begun.findIndex(({ cookie }) => cookie[0] === name) + 1 + (random() % 4))
          .cookie[1],
      ])),
    (arrival) =>
      void (arrival.method = pick(['HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'], random())),
  ]
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0 // It is half of the time.
  onTestFinished(() => void (Error.stackTraceLimit = stackTraceLimit))
  home.steps.length = 0
  const codes = new Set<string | undefined>()
  for (let index = 0; index < 100_000; index++) {
    const { state, cookie } = pick(begun, random())
    const arrival: Arrival = {
      parameters: new URLSearchParams({ state, code: '1000.code' }),
      cookies: [cookie],
      method: 'GET',
    }
    // Each at most once: two could undo each other.
    for (const spoil of new Set(
      [random(), random(), random()].slice(random() % 3).map((n) => pick(spoils, n)),
    ))
      spoil(arrival)
    const headers = {
      ...(random() % 2 ? navigation : byScript),
      cookie: arrival.cookies.map(([name, value]) => `${name}=${value}`).join('; '),
    }
    const response = await home.zoho.handle(
      new Request(`https://app.example.com/zoho/callback?${arrival.parameters}`, {
        method: arrival.method,
        headers,
      }),
    )
    const refused = response !== undefined && response.status >= 400
    if (!refused || home.steps.some((step) => step !== 'session'))
      expect.fail(
        `seed ${seed}: ${response?.status} ${arrival.method} ${arrival.parameters} ` +
          `${JSON.stringify(arrival.cookies)} ${home.steps.join()}`,
      )
    if (index % 100 === 0)
      codes.add(/(?:"code":"|<code>)([a-z-]+)/.exec((await response?.text()) ?? '')?.[1])
    home.steps.length = 0
  }
  expect(home.server.received).toEqual([])
  expect([...codes].toSorted()).toEqual([
    'callback-malformed',
    'callback-unbound',
    'consent-failed',
    'data-center-unknown',
    'method-not-allowed',
  ])
  // The requests are still good: nothing of all this has spent one.
  expect((await browser.back(begun[0]?.state as string)).status).toBe(303)
}, 240_000)

it('B16: what is kept of a state, in the name of its cookie and in the record of its use, is its digest', async () => {
  const home = await house()
  home.script.token = grant()
  const browser = await returning(home.options())
  const digest = createHash('sha256').update(browser.state).digest('base64url')
  expect(browser.cookie.name).toBe(`__Host-zro-${digest.slice(0, 8)}`)
  expect(await codeOf(browser.complete())).toBe('ok')
  const { record } = await browser.engine.repository.read('acme')
  expect(record.attempts.map(({ state }) => state)).toEqual([digest])
})
