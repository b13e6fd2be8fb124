import { describe, expect, it } from 'vitest'
import type { ConnectionStore } from '../../src/store/connection-store.ts'
import {
  codeOf,
  connect,
  grant,
  house,
  minute,
  returning,
  second,
  tokens,
  until,
  type House,
} from './house.ts'

/** Delays the answers of the token endpoint until `open()`. */
const gateTokenEndpoint = (home: House, reply = tokens()) => {
  let open = () => {}
  const gate = new Promise<void>((resolve) => (open = resolve))
  home.script.token = async (response, request) => gate.then(() => reply(response, request))
  return { open: () => open(), asked: () => until(() => home.tokenCalls().length === 1) }
}
const passesGuard = async (home: House) => {
  const answer = await home.client().requireConnection(new Request('https://app.example.com/x'))
  return !(answer instanceof Response)
}

describe('a token whose connection was revoked meanwhile is not served', () => {
  it.each(['down', 'read-only'])('if the store is %s when a refresh ends', async (fault) => {
    let failing = false
    const refuse = async () => Promise.reject(new Error('down'))
    const home = await house({
      store: (inner: ConnectionStore) => ({
        ...inner,
        read: async (id) => (failing && fault === 'down' ? refuse() : inner.read(id)),
        write: async (...write) => (failing ? refuse() : inner.write(...write)),
      }),
    })
    await connect(home)
    const acme = home.client().connection('acme')
    await acme.accessToken()
    home.time.push(59.5 * minute)
    const endpoint = gateTokenEndpoint(home)
    const refreshing = codeOf(acme.accessToken())
    await endpoint.asked()
    await acme.revoke()
    failing = true
    endpoint.open()
    expect(await refreshing).not.toBe('ok')
    expect(await codeOf(acme.accessToken())).not.toBe('ok')
    home.time.push(10 * minute)
    expect(await codeOf(acme.fetch('org'))).not.toBe('ok')
  })

  it('if its write is acknowledged after the revocation', async () => {
    let [slow, applied] = [false, false]
    let acknowledge = () => {}
    const gate = new Promise<void>((resolve) => (acknowledge = resolve))
    const home = await house({
      store: (inner) => ({
        ...inner,
        async write(...write) {
          const mine = slow
          slow = false
          const answer = await inner.write(...write)
          if (!mine) return answer
          applied = true
          return gate.then(() => answer)
        },
      }),
    })
    await connect(home)
    const acme = home.client().connection('acme')
    await acme.accessToken()
    home.time.push(59.5 * minute)
    home.script.token = (response, request) => {
      slow = true // The next write stores the new token.
      return tokens()(response, request)
    }
    const refreshing = codeOf(acme.accessToken())
    await until(() => applied)
    await acme.revoke()
    acknowledge()
    await refreshing
    expect(await codeOf(acme.accessToken())).toBe('connection-revoked')
    home.time.push(14 * second)
    expect([await codeOf(acme.accessToken()), await passesGuard(home)]).toEqual([
      'connection-revoked',
      false,
    ])
  })

  it.each(['nothing', 'a tombstone'])(
    'or stored, if it comes from an exchange over %s',
    async (before) => {
      const home = await house()
      const acme = home.client().connection('acme')
      if (before === 'a tombstone') {
        await connect(home)
        await acme.revoke()
        home.server.received.length = 0
      }
      const browser = await returning(home.options())
      const endpoint = gateTokenEndpoint(home, grant())
      const completing = codeOf(browser.complete())
      await endpoint.asked()
      await acme.revoke()
      endpoint.open()
      expect([await completing, (await acme.status()).status]).toEqual([
        'connection-revoked',
        before === 'nothing' ? 'none' : 'revoked',
      ])
      expect(home.server.received.some(({ url }) => url.includes('revoke'))).toBe(true)
    },
  )
})
