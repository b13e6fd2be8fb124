import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/store/memory.ts'
import type { ConnectionStore } from '../../src/store/connection-store.ts'
import { grant, pause, startSetup, refusal, tally, times } from '../client/setup.ts'
import { openStore } from '../store/sqlite/temporary.ts'
import { drop } from '../endpoints/server.ts'
import { byScript, createBrowser } from './browser.ts'

const stores: [string, () => ConnectionStore][] = [
  ['memory', () => memoryStore()],
  ['SQLite', () => openStore()],
]

describe.each(stores)('a client with a store in %s', (_, makeStore) => {
  const startRequest = async () => {
    const store = makeStore()
    const setup = await startSetup({ store: () => store })
    setup.script.token = grant()
    const browser = createBrowser(setup.client())
    const state = await browser.startConsent()
    // The first response clears the cookie. An attacker who replays the callback has kept a copy.
    const copiedJar = new Map(browser.jar)
    return {
      ...setup,
      state,
      sendCopy: (zoho = setup.client()) =>
        createBrowser(zoho, new Map(copiedJar)).sendCallback(
          state,
          { code: '1000.code' },
          byScript,
        ),
    }
  }

  it('B2: makes one token request for 100 copies of a callback at two processes', async () => {
    const { sendCopy, client, tokenCalls } = await startRequest()
    const one = client()
    const other = client()
    const responses = await Promise.all(times(100, (index) => sendCopy(index % 2 ? one : other)))
    expect(tally(responses.map(({ status, code }) => `${status} ${code ?? ''}`))).toEqual({
      '303 ': 100,
    })
    expect(tokenCalls().length).toBe(1)
    expect((await client().connection('acme').status()).status).toBe('active')
  })

  it('B2: sends no code again after success, even in another process', async () => {
    const { sendCopy, tokenCalls } = await startRequest()
    expect((await sendCopy()).status).toBe(303)
    expect([(await sendCopy()).status, (await sendCopy()).status, tokenCalls().length]).toEqual([
      303, 303, 1,
    ])
  })

  it('B2: refuses a replay after a failure', async () => {
    const { sendCopy, script, tokenCalls } = await startRequest()
    script.token = refusal('invalid_code')
    expect((await sendCopy()).code).toBe('code-rejected')
    script.token = grant()
    expect([(await sendCopy()).code, tokenCalls().length]).toEqual(['callback-replayed', 1])
  })

  it('B2, B12: refuses a replay after an exchange whose outcome is unknown', async () => {
    const { sendCopy, script, tokenCalls } = await startRequest()
    script.token = drop
    expect((await sendCopy()).code).toBe('exchange-outcome-unknown')
    script.token = grant()
    expect([(await sendCopy()).code, tokenCalls().length]).toEqual(['callback-replayed', 1])
  })

  it('B2: refuses a replay after revoke() and after forget()', async () => {
    const { sendCopy, client, tokenCalls } = await startRequest()
    await sendCopy()
    await client().connection('acme').revoke()
    expect((await sendCopy()).code).toBe('callback-replayed')
    await client().connection('acme').forget()
    expect([(await sendCopy()).code, tokenCalls().length]).toEqual(['callback-replayed', 1])
    expect((await client().connection('acme').status()).status).toBe('none')
  })

  it('B2: a replay during the exchange waits for it, and sends no code', async () => {
    const { sendCopy, script, tokenCalls } = await startRequest()
    let sendTokens = () => {}
    const asked = new Promise<void>((resolve) => {
      script.token = async (response, request) => {
        resolve()
        await new Promise<void>((release) => (sendTokens = release))
        grant()(response, request)
      }
    })
    const first = sendCopy()
    await asked
    const second = sendCopy()
    let isAnswered = false
    void second.then(() => (isAnswered = true))
    await pause(300) // Longer than the pause between two reads.
    expect(isAnswered).toBe(false)
    sendTokens()
    expect([(await first).status, (await second).status, tokenCalls().length]).toEqual([
      303, 303, 1,
    ])
  })
})
