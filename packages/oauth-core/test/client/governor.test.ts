import { describe, expect, it } from 'vitest'
import { answer } from '../endpoints/server.ts'
import { faultyStore } from './faulty-store.ts'
import {
  codeOf,
  connect,
  grant,
  hasty,
  house,
  minute,
  pause,
  refusal,
  returning,
  second,
  throttle,
  times,
  tokens,
  until,
  type House,
} from './house.ts'

/**
 * Consents through the browser's door, each for a connection of its own; the process is a new one
 * each time.
 */
const consent = async (home: House, count: number) => {
  home.script.token = grant()
  for (const index of times(count, (one) => one)) {
    const ref = { id: `company-${index}`, principal: 'ann' }
    await (await returning(home.options(), ref)).complete({ code: `1000.code.${index}` }, ref)
  }
}

const thrown = (work: Promise<unknown>) =>
  work.then(
    () => ({}),
    (error: object) => error,
  ) as Promise<{ code?: string; remedy?: string; retryAt?: number }>

describe('the client has ten authorization codes in ten minutes, whoever connects', () => {
  it('S10: the eleventh is refused before Zoho does, in every process, until the first is ten minutes old', async () => {
    const home = await house()
    await consent(home, 10)
    const error = await thrown(
      home.client().startAuthorization({ id: 'one-more', principal: 'bob' }),
    )
    expect([error.code, error.remedy]).toEqual(['codes-exhausted', 'retry'])
    expect(Math.abs((error.retryAt ?? 0) - home.time.now() - 10 * minute)).toBeLessThan(10 * second)
    home.time.push(10 * minute)
    expect(
      await codeOf(home.client().startAuthorization({ id: 'one-more', principal: 'bob' })),
    ).toBe('ok')
  })

  it('B9: what Zoho calls access_denied then is no refusal by the user', async () => {
    const home = await house()
    const early = await returning(home.options(), { id: 'one-more', principal: 'ann' })
    expect(
      await codeOf(
        early.complete({ error: 'access_denied' }, { id: 'one-more', principal: 'ann' }),
      ),
    ).toBe('consent-refused')
    await consent(home, 10)
    expect(
      await codeOf(
        early.complete({ error: 'access_denied' }, { id: 'one-more', principal: 'ann' }),
      ),
    ).toBe('codes-exhausted')
    expect(
      await codeOf(early.complete({ error: 'server_error' }, { id: 'one-more', principal: 'ann' })),
    ).toBe('consent-failed')
  })

  it('S10: codes that a browser made up are not counted', async () => {
    const home = await house()
    for (const index of times(12, (one) => one)) {
      const ref = { id: `company-${index}`, principal: 'mallory' }
      const browser = await returning(home.options(), ref)
      home.script.token = refusal('invalid_code')
      expect(await codeOf(browser.complete({ code: '1000.made.up' }, ref))).toBe('code-rejected')
    }
    expect(await codeOf(home.client().startAuthorization({ id: 'acme', principal: 'ann' }))).toBe(
      'ok',
    )
  })

  it('clients that share a store do not share their codes, and the row is no connection of the app’s', async () => {
    const home = await house()
    await consent(home, 10)
    expect(
      await codeOf(
        home
          .client({ clientId: '1000.OTHER' })
          .startAuthorization({ id: 'acme', principal: 'ann' }),
      ),
    ).toBe('ok')
    const rows = await home.store.list({ limit: 1000 })
    expect(
      rows
        .filter(({ id }) => id.startsWith('\x1f'))
        .map(({ status, principal }) => [status, principal]),
    ).toEqual([['none', undefined]])
    expect(await home.store.list({ limit: 1000, pending: true })).toEqual([])
  })

  it('R7: a count that nobody can read any more keeps nobody from connecting, and begins again', async () => {
    const home = await house()
    await consent(home, 10)
    const options = { encryptionKeys: [Buffer.alloc(32, 9).toString('base64')] }
    const newcomer = { id: 'one-more', principal: 'bob' }
    expect(await codeOf(home.client(options).startAuthorization(newcomer))).toBe('ok')
    for (const index of times(10, (one) => one)) {
      const ref = { id: `newer-${index}`, principal: 'ann' }
      await (
        await returning(home.options(options), ref)
      ).complete({ code: `1000.newer.${index}` }, ref)
    }
    expect(await codeOf(home.client(options).startAuthorization(newcomer))).toBe('codes-exhausted')
  })
})

describe('F8: an accounts server that fails through the whole time ahead', () => {
  it('is asked three times at most, and nobody waits or gets an error while the token lives', async () => {
    const home = await house()
    await connect(home)
    const calledAt: number[] = []
    home.script.token = (response, request) => {
      calledAt.push(home.time.now())
      return answer('', 503)(response, request)
    }
    const [one, two] = [
      home.client(hasty).connection('acme'),
      home.client(hasty).connection('acme'),
    ]
    const valid = await one.accessToken()
    home.time.push(48 * minute)
    const useFor = async (steps: number) => {
      for (const _ of times(steps, () => 0)) {
        home.time.push(20 * second)
        expect([await one.accessToken(), await two.accessToken()]).toEqual([valid, valid])
        await pause(20) // What runs behind the answers takes real time.
      }
    }
    await useFor(29) // Until 2 min 20 s before the end: nobody waits yet.
    const ahead = home.tokenCalls().length
    expect([ahead > 0, ahead <= 3]).toEqual([true, true])
    await useFor(6) // Until 20 s before the end: two calls were kept for this time.
    // Five in ten minutes; the clock is pushed by 20 s between the lease and the call at most.
    for (const [index, at] of calledAt.slice(5).entries())
      expect(at - calledAt[index]!).toBeGreaterThan(9.5 * minute)
    expect(home.tokenCalls().length).toBeGreaterThan(ahead)
    expect(
      new Set(
        home.events.flatMap((event) => (event.type === 'refresh-failed' ? [event.code] : [])),
      ),
    ).toEqual(new Set(['accounts-server-unavailable']))
    // Once it is well again, the first caller after the cool-down gets a new token.
    home.script.token = tokens()
    home.time.push(10 * minute)
    expect(await one.accessToken()).not.toBe(valid)
  })
})

it('T14: in its last two minutes a token is handed out while Zoho throttles, and after its end the error says until when', async () => {
  const home = await house()
  await connect(home)
  home.script.token = throttle
  const acme = home.client().connection('acme')
  const valid = await acme.accessToken()
  home.time.push(58 * minute + 30 * second)
  expect([await acme.accessToken(), await acme.accessToken(), home.tokenCalls().length]).toEqual([
    valid,
    valid,
    1,
  ])
  home.time.push(2 * minute)
  const error = await thrown(acme.accessToken())
  expect([error.code, home.tokenCalls().length]).toEqual(['throttled', 1])
  expect(Math.abs((error.retryAt ?? 0) - home.time.now() - 8 * minute)).toBeLessThan(5 * second)
})

it('T14: who must have another token is told of the throttle; whoever asks meanwhile is handed the one that lives', async () => {
  const store = faultyStore()
  const home = await house({ store: store.wrap })
  await connect(home)
  home.script.token = throttle
  const acme = home.client().connection('acme')
  const valid = await acme.accessToken()
  home.time.push(58 * minute + 30 * second)
  await acme.accessToken()
  let reads = 0
  let meanwhile: Promise<string> | undefined
  store.before.read = async () => {
    // The first read tells which token stands, the second is that of the refresh.
    if (++reads === 2) meanwhile = acme.accessToken().catch(String)
  }
  expect(await codeOf(acme.refresh())).toBe('throttled')
  expect(await meanwhile).toBe(valid)
  expect(home.tokenCalls().length).toBe(1)
})

it('F8: a failure in a token’s last seconds holds nobody back after its end', async () => {
  const home = await house()
  await connect(home)
  home.script.token = answer('', 503)
  const acme = home.client(hasty).connection('acme')
  const valid = await acme.accessToken()
  home.time.push(60 * minute - 10 * second)
  expect(await acme.accessToken()).toBe(valid)
  home.script.token = tokens()
  home.time.push(10 * second)
  expect(await acme.accessToken()).not.toBe(valid)
})

it('L5: the fifteenth refresh token of a connection is told of', async () => {
  const home = await house()
  home.script.token = grant()
  for (const index of times(15, (one) => one))
    await home
      .client()
      .connection('acme')
      .exchangeSelfClientCode(`1000.code.${index}`, { principal: 'ann' })
  await until(() => home.events.length >= 16)
  expect(home.events.filter(({ type }) => type === 'refresh-tokens-piling')).toEqual([
    { type: 'refresh-tokens-piling', refreshTokens: 15, connection: 'acme' },
  ])
})
