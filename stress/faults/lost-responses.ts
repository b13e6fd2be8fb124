import type { ConnectionStore } from '@zrecruit/oauth-core'
import { setTimeout as sleep } from 'node:timers/promises'
import { tally, times } from '../figures.ts'
import type { Row } from '../experiment.ts'
import { waitUntil, type Setup } from './setup.ts'
import { stopStore } from './stop-store.ts'

/**
 * M14: the store executes a write, and the network connection breaks before its response arrives:
 * first for the write of the lease, then for the write of the token.
 */
export const lostAcknowledgement = async (setup: Setup): Promise<Row[]> => {
  const { proxy } = setup
  if (!proxy) return []
  const rows: Row[] = []
  for (const [what, writeNumber] of [
    ['the lease', 1],
    ['the token', 2],
  ] as const) {
    const id = `M14 ${writeNumber}`
    await setup.connect(id, 'expired')
    let writes = 0
    const observer = (await setup.app()).oauth.connection(id)
    const withCutResponse = (store: ConnectionStore): ConnectionStore => ({
      ...store,
      write: async (...all) => {
        writes += 1
        if (writes === writeNumber) proxy.cutNextResponse()
        return store.write(...all)
      },
    })
    const app = await setup.app({}, withCutResponse)
    await app.oauth.connection(id).status()
    const callsBefore = await setup.tokenCalls()
    const cutsBefore = proxy.cuts()
    const results = await Promise.all(times(20, () => app.requestToken(id)))
    await sleep(1_000) // By now, the app would have repeated the write.
    const calls = (await setup.tokenCalls()) - callsBefore
    const cuts = proxy.cuts() - cutsBefore
    const stored = (await observer.status()).accessToken?.freshness
    const codes = results.map(({ code }) => code)
    rows.push(
      setup.row(
        `M14 acknowledgement of ${what} lost`,
        {
          cuts,
          callers: tally(codes),
          'slowest ms': Math.round(Math.max(...results.map(({ ms }) => ms))),
          'token calls': calls,
          writes,
          'stored token': String(stored),
        },
        'callers ok, 1 token call, 2 writes, fresh',
        cuts === 1 &&
          calls === 1 &&
          writes === 2 &&
          stored === 'fresh' &&
          codes.every((code) => code === 'ok'),
      ),
    )
  }
  return rows
}

/** M15: the store goes down after Zoho has answered and before the response is stored. */
export const failedSave = async (
  setup: Setup,
  what = 'M15 down between the refresh and its save',
  stop = () => stopStore(setup, 'down'),
): Promise<Row> => {
  await setup.connect(what, 'expired')
  let end: (() => Promise<void>) | undefined
  const app = await setup.app({
    fetch: async (url, init) => {
      const response = await fetch(url, init)
      end ??= await stop()
      return response
    },
  })
  const other = await setup.app()
  for (const process of [app, other]) await process.oauth.connection(what).status()
  const before = await setup.tokenCalls()
  const results = await Promise.all(times(20, () => app.requestToken(what)))
  const codes = results.map(({ code }) => code)
  const tokens = new Set(results.map(({ token }) => token))
  await end?.()
  const slowestMs = Math.round(Math.max(...results.map(({ ms }) => ms)))
  const otherMs = await waitUntil(
    async () => (await other.requestToken(what)).code === 'ok',
    20_000,
  )
  const calls = (await setup.tokenCalls()) - before
  const failedSaves = app.events.filter(({ type }) => type === 'save-failed').length
  const { status } = await other.oauth.connection(what).status()
  return setup.row(
    what,
    {
      callers: tally(codes),
      'failed saves': failedSaves,
      'access tokens': tokens.size,
      'slowest ms': slowestMs,
      'others served after ms': otherMs,
      'token calls': calls,
      grant: status,
    },
    'callers ok with 1 token, at most 2 calls, active',
    failedSaves === 1 &&
      codes.every((code) => code === 'ok') &&
      tokens.size === 1 &&
      calls >= 1 &&
      calls <= 2 &&
      status === 'active' &&
      Number.isFinite(otherMs),
  )
}
