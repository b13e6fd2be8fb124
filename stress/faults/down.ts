import { setTimeout as sleep } from 'node:timers/promises'
import { ascending, quantile, times } from '../figures.ts'
import { slackMs, type Row } from '../experiment.ts'
import { waitUntil, type Setup } from './setup.ts'
import { stopStore } from './stop-store.ts'

/** M11: the store is down while the cached access token is valid; callers are served. */
export const downWithValidToken = async (setup: Setup): Promise<Row> => {
  await setup.connect('M11')
  const app = await setup.app()
  const { token } = await app.requestToken('M11')
  const end = await stopStore(setup, 'down')
  const waitedMs: number[] = []
  const failures: string[] = []
  // Two minutes of the app's monotonic clock, in steps of five seconds.
  for (let step = 0; step < 24; step++) {
    app.advanceClock(5_000)
    await sleep(20) // Lets the background work of earlier calls finish.
    for (let call = 0; call < 50; call++) {
      const result = await app.requestToken('M11')
      waitedMs.push(result.ms)
      if (result.token !== token) failures.push(result.code)
    }
  }
  await end()
  const reports = app.events.filter(({ type }) => type === 'store-failed').length
  const p99 = quantile(ascending(waitedMs), 0.99)
  return setup.row(
    'M11 down for two minutes, token in the cache',
    {
      calls: waitedMs.length,
      'not served': failures.length,
      'p99 ms': p99,
      'store-failed events': reports,
    },
    'not served 0, p99 below 5 ms, at most 4 events',
    failures.length === 0 && p99 < 5 + slackMs(setup.context) && reports <= 4,
  )
}

/** M12: the store is down while the access token is expired, and comes back. */
export const downWithExpiredToken = async (
  setup: Setup,
  what = 'M12 down, token expired; up again',
  stop = () => stopStore(setup, 'down'),
): Promise<Row> => {
  await setup.connect(what, 'expired')
  const app = await setup.app()
  await app.oauth.connection(what).status() // Connects to the store before it is stopped.
  const before = await setup.tokenCalls()
  const end = await stop()
  const results = await Promise.all(times(20, () => app.requestToken(what)))
  const callsWhileDown = (await setup.tokenCalls()) - before
  await end()
  const backMs = await waitUntil(async () => (await app.requestToken(what)).code === 'ok', 15_000)
  const callsAfter = (await setup.tokenCalls()) - before
  const refused = results.filter(({ code }) => code === 'store-unavailable').length
  const slowestMs = Math.max(...results.map(({ ms }) => Math.round(ms)))
  return setup.row(
    what,
    {
      callers: results.length,
      'store-unavailable': refused,
      'slowest ms': slowestMs,
      'token calls while down': callsWhileDown,
      'served after ms': backMs,
      'token calls afterwards': callsAfter,
    },
    'all refused within 2000 ms, 0 calls; then exactly 1',
    refused === results.length &&
      slowestMs <= 2_000 + slackMs(setup.context) &&
      callsWhileDown === 0 &&
      callsAfter === 1 &&
      Number.isFinite(backMs),
  )
}
