import type { ConnectionStore } from '@zrecruit/oauth-core'
import { setTimeout as sleep } from 'node:timers/promises'
import { ascending, tally, times } from '../figures.ts'
import type { Row } from '../experiment.ts'
import { untilSo, type Setup } from './setup.ts'
import { standstill } from './standstill.ts'

/**
 * M14: a write is done, and the connection breaks before the app hears of it: once the lease, once
 * the token.
 */
export const lostAcknowledgement = async (scene: Setup): Promise<Row[]> => {
  const { proxy } = scene
  if (!proxy) return []
  const rows: Row[] = []
  for (const [what, which] of [
    ['the lease', 1],
    ['the token', 2],
  ] as const) {
    const id = `M14 ${which}`
    await scene.connect(id, 'expired')
    let writes = 0
    const read = (await scene.app()).oauth.connection(id)
    const cutting = (store: ConnectionStore): ConnectionStore => ({
      ...store,
      write: async (...all) => {
        if (++writes === which) proxy.cutNextAnswer()
        return store.write(...all)
      },
    })
    const app = await scene.app({}, cutting)
    await app.oauth.connection(id).status()
    const [before, cuts] = [await scene.tokenCalls(), proxy.cuts()]
    const asked = await Promise.all(times(20, () => app.ask(id)))
    await sleep(1_000) // A second write would come by now.
    const [calls, stored] = [
      (await scene.tokenCalls()) - before,
      (await read.status()).accessToken?.freshness,
    ]
    const codes = asked.map(({ code }) => code)
    rows.push(
      scene.row(
        `M14 acknowledgement of ${what} lost`,
        {
          cuts: proxy.cuts() - cuts,
          callers: tally(codes),
          'slowest ms': Math.round(Math.max(...asked.map(({ ms }) => ms))),
          'token calls': calls,
          writes,
          'stored token': String(stored),
        },
        'callers ok, 1 token call, 2 writes, fresh',
        proxy.cuts() - cuts === 1 &&
          calls === 1 &&
          writes === 2 &&
          stored === 'fresh' &&
          codes.every((code) => code === 'ok'),
      ),
    )
  }
  return rows
}

/** M15: Zoho has answered, and the store goes before the answer is stored. */
export const failedSave = async (
  scene: Setup,
  what = 'M15 down between the refresh and its save',
  stop = () => standstill(scene, 'down'),
): Promise<Row> => {
  await scene.connect(what, 'expired')
  let end: (() => Promise<void>) | undefined
  const app = await scene.app({
    fetch: async (url, init) => {
      const answer = await fetch(url, init)
      end ??= await stop()
      return answer
    },
  })
  const other = await scene.app()
  for (const one of [app, other]) await one.oauth.connection(what).status()
  const before = await scene.tokenCalls()
  const asked = await Promise.all(times(20, () => app.ask(what)))
  const [codes, tokens] = [asked.map(({ code }) => code), new Set(asked.map(({ token }) => token))]
  await end?.()
  const slowest = Math.round(ascending(asked.map(({ ms }) => ms)).at(-1) ?? 0)
  const otherMs = await untilSo(async () => (await other.ask(what)).code === 'ok', 20_000)
  const calls = (await scene.tokenCalls()) - before
  const failed = app.events.filter(({ type }) => type === 'save-failed').length
  const { status } = await other.oauth.connection(what).status()
  return scene.row(
    what,
    {
      callers: tally(codes),
      'saves that failed': failed,
      'access tokens': tokens.size,
      'slowest ms': slowest,
      'others served after ms': otherMs,
      'token calls': calls,
      grant: status,
    },
    'callers ok with 1 token, at most 2 calls, active',
    failed === 1 &&
      codes.every((code) => code === 'ok') &&
      tokens.size === 1 &&
      calls >= 1 &&
      calls <= 2 &&
      status === 'active' &&
      Number.isFinite(otherMs),
  )
}
