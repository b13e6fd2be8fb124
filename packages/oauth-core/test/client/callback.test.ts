import { describe, expect, it } from 'vitest'
import { openBinding } from '../../src/client/consent/browser-binding.ts'
import { createClientContext } from '../../src/client/context.ts'
import { configure } from '../../src/config/configure.ts'
import { faultyStore } from './faulty-store.ts'
import {
  complete,
  errorCodeOf,
  grant,
  startSetup,
  key,
  minute,
  refusal,
  startConsent,
  tally,
  times,
} from './setup.ts'

describe('a callback that does not match the request, the browser or the user', () => {
  const startRequest = async () => {
    const store = faultyStore()
    const setup = await startSetup({ store: store.wrap })
    const browser = await startConsent(setup.options())
    return { ...setup, ...store, browser }
  }
  type RequestSetup = Awaited<ReturnType<typeof startRequest>>

  it.each<[string, string, (setup: RequestSetup) => Promise<unknown>]>([
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
        time.advance(11 * minute)
        return browser.complete()
      },
    ],
    [
      'of a request from the future',
      'callback-expired',
      ({ browser, time }) => {
        time.advance(-5 * minute)
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
    const setup = await startRequest()
    expect(await errorCodeOf(act(setup))).toBe(code)
    expect([setup.server.received.length, setup.counts.writes]).toEqual([0, 0])
  })

  it('S4, C5: opens no cookie that was altered or has another client, name or key', async () => {
    const setup = await startRequest()
    const { name, value } = setup.browser.cookie
    const config = configure(setup.options())
    expect((await openBinding(config, name, value))?.principal).toBe('ann')
    expect(await openBinding(config, `${name}x`, value)).toBe(undefined)
    expect(
      await openBinding(configure(setup.options({ clientId: '1000.OTHER' })), name, value),
    ).toBe(undefined)
    expect(
      await openBinding(
        configure(setup.options({ encryptionKeys: [Buffer.alloc(32, 8).toString('base64')] })),
        name,
        value,
      ),
    ).toBe(undefined)
    expect(
      await openBinding(
        configure(setup.options({ encryptionKeys: [Buffer.alloc(32, 8).toString('base64'), key] })),
        name,
        value,
      ),
    ).toBeDefined()
    for (const at of [0, 5, 20, value.length - 2]) {
      const otherCharacter = value[at] === 'A' ? 'B' : 'A'
      const altered = value.slice(0, at) + otherCharacter + value.slice(at + 1)
      expect(await openBinding(config, name, altered)).toBe(undefined)
    }
  })
})

describe('a callback that was used before', () => {
  it('B2: is not sent again after success, and leads to the same page', async () => {
    const setup = await startSetup()
    setup.script.token = grant()
    const browser = await startConsent(setup.options())
    expect([await errorCodeOf(browser.complete()), await errorCodeOf(browser.complete())]).toEqual([
      'ok',
      'ok',
    ])
    expect(setup.tokenCalls().length).toBe(1)
  })

  it('B2: is refused after failure', async () => {
    const setup = await startSetup()
    setup.script.token = refusal('invalid_code')
    const browser = await startConsent(setup.options())
    expect([await errorCodeOf(browser.complete()), await errorCodeOf(browser.complete())]).toEqual([
      'code-rejected',
      'callback-replayed',
    ])
    expect(setup.tokenCalls().length).toBe(1)
  })

  it('B2: costs one request when fifty copies arrive at two processes at once', async () => {
    const setup = await startSetup()
    setup.script.token = grant()
    const browser = await startConsent(setup.options())
    const other = createClientContext(configure(setup.options()))
    const callback = {
      dangerousQuery: new URLSearchParams({ state: browser.state, code: '1000.code' }).toString(),
      readCookie: () => browser.cookie,
      findConnection: async () => ({ id: 'acme', principal: 'ann' }),
      mayLackStrictCookies: false,
    }
    const all = await Promise.all(
      times(50, (index) => errorCodeOf(complete(index % 2 ? other : browser.context, callback))),
    )
    expect(tally(all)).toEqual({ ok: 50 })
    expect(setup.tokenCalls().length).toBe(1)
  })
})
