import { setTimeout as sleep } from 'node:timers/promises'
import { ascending, quantile, times } from '../figures.ts'
import { grantedMs, type Row } from '../experiment.ts'
import { untilSo, type Setup } from './setup.ts'
import { standstill } from './standstill.ts'

/** M11: the store goes while the access token is good, and callers do not notice. */
export const downWithToken = async (scene: Setup): Promise<Row> => {
  await scene.connect('M11')
  const app = await scene.app()
  const { token } = await app.ask('M11')
  const end = await standstill(scene, 'down')
  const [waited, wrong] = [[] as number[], [] as string[]]
  // Two minutes of the app's own clock, in steps of five seconds.
  for (let step = 0; step < 24; step++) {
    app.age(5_000)
    await sleep(20) // What was begun behind an answer is over.
    for (let call = 0; call < 50; call++) {
      const asked = await app.ask('M11')
      waited.push(asked.ms)
      if (asked.token !== token) wrong.push(asked.code)
    }
  }
  await end()
  const told = app.events.filter(({ type }) => type === 'store-failed').length
  const p99 = quantile(ascending(waited), 0.99)
  return scene.row(
    'M11 down for two minutes, token in memory',
    { calls: waited.length, 'not served': wrong.length, 'p99 ms': p99, 'onEvent told': told },
    'not served 0, p99 below 5 ms, told at most 4 times',
    wrong.length === 0 && p99 < 5 + grantedMs(scene.bench) && told <= 4,
  )
}

/** M12: it goes, and the access token has expired. Then it comes back. */
export const downWithout = async (
  scene: Setup,
  what = 'M12 down, token expired; up again',
  stop = () => standstill(scene, 'down'),
): Promise<Row> => {
  await scene.connect(what, 'expired')
  const app = await scene.app()
  await app.oauth.connection(what).status() // Connected to it, when it goes.
  const before = await scene.tokenCalls()
  const end = await stop()
  const asked = await Promise.all(times(20, () => app.ask(what)))
  const whileDown = (await scene.tokenCalls()) - before
  await end()
  const backMs = await untilSo(async () => (await app.ask(what)).code === 'ok', 15_000)
  const after = (await scene.tokenCalls()) - before
  const [refused, slowest] = [
    asked.filter(({ code }) => code === 'store-unavailable').length,
    Math.max(...asked.map(({ ms }) => Math.round(ms))),
  ]
  return scene.row(
    what,
    {
      callers: asked.length,
      'store-unavailable': refused,
      'slowest ms': slowest,
      'token calls meanwhile': whileDown,
      'served after ms': backMs,
      'token calls then': after,
    },
    'all refused within 2000 ms, 0 calls; then exactly 1',
    refused === asked.length &&
      slowest <= 2_000 + grantedMs(scene.bench) &&
      whileDown === 0 &&
      after === 1 &&
      Number.isFinite(backMs),
  )
}
