import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/store/memory.ts'
import type { ConnectionStore } from '../../src/store/connection-store.ts'
import { grant, house, refusal, tally, times } from '../client/house.ts'
import { openStore } from '../store/sqlite/temporary.ts'
import { drop } from '../endpoints/server.ts'
import { byScript, visitor } from './visits.ts'

const stores: [string, () => ConnectionStore][] = [
  ['memory', () => memoryStore()],
  ['SQLite', () => openStore()],
]

describe.each(stores)('on %s', (_, makeStore) => {
  const arrived = async () => {
    const store = makeStore()
    const home = await house({ store: () => store })
    home.script.token = grant()
    const browser = visitor(home.client())
    const state = await browser.begin()
    // The cookie is cleared by the first answer; whoever replays has kept it.
    const kept = new Map(browser.jar)
    return {
      ...home,
      state,
      again: (zoho = home.client()) =>
        visitor(zoho, new Map(kept)).back(state, { code: '1000.code' }, byScript),
    }
  }

  it('B2: a hundred callbacks at once, at two processes, make one token call', async () => {
    const { again, client, tokenCalls } = await arrived()
    const [one, other] = [client(), client()]
    const answers = await Promise.all(times(100, (index) => again(index % 2 ? one : other)))
    expect(tally(answers.map(({ status, code }) => `${status} ${code ?? ''}`))).toEqual({
      '303 ': 1,
      '400 callback-replayed': 99,
    })
    expect(tokenCalls().length).toBe(1)
    expect((await client().connection('acme').status()).status).toBe('active')
  })

  it('B2: replayed after success, also by another process', async () => {
    const { again, tokenCalls } = await arrived()
    expect((await again()).status).toBe(303)
    expect([(await again()).code, (await again()).code, tokenCalls().length]).toEqual([
      'callback-replayed',
      'callback-replayed',
      1,
    ])
  })

  it('B2: replayed after a failure', async () => {
    const { again, script, tokenCalls } = await arrived()
    script.token = refusal('invalid_code')
    expect((await again()).code).toBe('code-rejected')
    script.token = grant()
    expect([(await again()).code, tokenCalls().length]).toEqual(['callback-replayed', 1])
  })

  it('B2, B12: replayed after an exchange of which nobody knows the outcome', async () => {
    const { again, script, tokenCalls } = await arrived()
    script.token = drop
    expect((await again()).code).toBe('exchange-outcome-unknown')
    script.token = grant()
    expect([(await again()).code, tokenCalls().length]).toEqual(['callback-replayed', 1])
  })

  it('B2: replayed after the connection was revoked, and after it was forgotten', async () => {
    const { again, client, tokenCalls } = await arrived()
    await again()
    await client().connection('acme').revoke()
    expect((await again()).code).toBe('callback-replayed')
    await client().connection('acme').forget()
    expect([(await again()).code, tokenCalls().length]).toEqual(['callback-replayed', 1])
    expect((await client().connection('acme').status()).status).toBe('none')
  })

  it('B2: replayed where the exchange has not ended', async () => {
    const { again, script, tokenCalls } = await arrived()
    let answer = () => {}
    const asked = new Promise<void>((resolve) => {
      script.token = async (response, request) => {
        resolve()
        await new Promise<void>((release) => (answer = release))
        grant()(response, request)
      }
    })
    const first = again()
    await asked
    expect((await again()).code).toBe('callback-replayed')
    answer()
    expect([(await first).status, tokenCalls().length]).toEqual([303, 1])
  })
})
