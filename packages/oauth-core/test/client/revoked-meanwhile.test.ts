import { describe, expect, it } from 'vitest'
import type { ConnectionStore } from '../../src/store/connection-store.ts'
import {
  errorCodeOf,
  connect,
  grant,
  startSetup,
  minute,
  startConsent,
  second,
  tokens,
  until,
  type Setup,
} from './setup.ts'

/** Delays the responses of the token endpoint until `open()`. */
const gateTokenEndpoint = (setup: Setup, reply = tokens()) => {
  let open = () => {}
  const gate = new Promise<void>((resolve) => (open = resolve))
  setup.script.token = async (response, request) => gate.then(() => reply(response, request))
  return { open: () => open(), received: () => until(() => setup.tokenCalls().length === 1) }
}
const passesGuard = async (setup: Setup) => {
  const response = await setup.client().requireConnection(new Request('https://app.example.com/x'))
  return !(response instanceof Response)
}

describe('a token whose connection was revoked meanwhile is not served', () => {
  it.each(['down', 'read-only'])('if the store is %s when a refresh ends', async (fault) => {
    let isFailing = false
    const refuse = async () => Promise.reject(new Error('down'))
    const setup = await startSetup({
      store: (inner: ConnectionStore) => ({
        ...inner,
        read: async (id) => (isFailing && fault === 'down' ? refuse() : inner.read(id)),
        write: async (...write) => (isFailing ? refuse() : inner.write(...write)),
      }),
    })
    await connect(setup)
    const acme = setup.client().connection('acme')
    await acme.accessToken()
    setup.time.advance(59.5 * minute)
    const endpoint = gateTokenEndpoint(setup)
    const refreshing = errorCodeOf(acme.accessToken())
    await endpoint.received()
    await acme.revoke()
    isFailing = true
    endpoint.open()
    expect(await refreshing).not.toBe('ok')
    expect(await errorCodeOf(acme.accessToken())).not.toBe('ok')
    setup.time.advance(10 * minute)
    expect(await errorCodeOf(acme.fetch('org'))).not.toBe('ok')
  })

  it('if its write is acknowledged after the revocation', async () => {
    let isNextWriteSlow = false
    let isApplied = false
    let acknowledge = () => {}
    const gate = new Promise<void>((resolve) => (acknowledge = resolve))
    const setup = await startSetup({
      store: (inner) => ({
        ...inner,
        async write(...write) {
          const isThisWriteSlow = isNextWriteSlow
          isNextWriteSlow = false
          const response = await inner.write(...write)
          if (!isThisWriteSlow) return response
          isApplied = true
          return gate.then(() => response)
        },
      }),
    })
    await connect(setup)
    const acme = setup.client().connection('acme')
    await acme.accessToken()
    setup.time.advance(59.5 * minute)
    setup.script.token = (response, request) => {
      isNextWriteSlow = true // The next write stores the new token.
      return tokens()(response, request)
    }
    const refreshing = errorCodeOf(acme.accessToken())
    await until(() => isApplied)
    await acme.revoke()
    acknowledge()
    await refreshing
    expect(await errorCodeOf(acme.accessToken())).toBe('connection-revoked')
    setup.time.advance(14 * second)
    expect([await errorCodeOf(acme.accessToken()), await passesGuard(setup)]).toEqual([
      'connection-revoked',
      false,
    ])
  })

  it.each(['nothing', 'a tombstone'])(
    'and not stored if it comes from an exchange over %s',
    async (before) => {
      const setup = await startSetup()
      const acme = setup.client().connection('acme')
      if (before === 'a tombstone') {
        await connect(setup)
        await acme.revoke()
        setup.server.received.length = 0
      }
      const browser = await startConsent(setup.options())
      const endpoint = gateTokenEndpoint(setup, grant())
      const completing = errorCodeOf(browser.complete())
      await endpoint.received()
      await acme.revoke()
      endpoint.open()
      expect([await completing, (await acme.status()).status]).toEqual([
        'connection-revoked',
        before === 'nothing' ? 'none' : 'revoked',
      ])
      expect(setup.server.received.some(({ url }) => url.includes('revoke'))).toBe(true)
    },
  )
})
