import { setTimeout as sleep } from 'node:timers/promises'
import { times } from '../figures.ts'
import { grantedMs, type Row } from '../experiment.ts'
import { untilSo, type Setup } from './setup.ts'
import { standstill } from './standstill.ts'

/**
 * M13: the store takes commands and answers none; by a process that stands still, and by a network
 * that swallows.
 */
export const hanging = async (scene: Setup): Promise<Row[]> => {
  const rows = [await hangs(scene, 'SIGSTOP', () => standstill(scene, 'hangs'))]
  const { proxy } = scene
  if (!proxy) return rows
  const swallowing = async () => {
    proxy.swallow(true)
    return async () => proxy.swallow(false)
  }
  return [...rows, await hangs(scene, 'network swallows', swallowing), await late(scene)]
}

const hangs = async (
  scene: Setup,
  how: string,
  begin: () => Promise<() => Promise<void>>,
): Promise<Row> => {
  const granted = grantedMs(scene.bench)
  const [fresh, expired] = [`M13 ${how} fresh`, `M13 ${how} expired`]
  await scene.connect(fresh)
  await scene.connect(expired, 'expired')
  const app = await scene.app()
  await app.ask(fresh)
  await app.oauth.connection(expired).status()
  const before = await scene.tokenCalls()
  const end = await begin()
  app.age(31_000) // Its memory of the good one has to be read again before the answer.
  const [good, ...refused] = await Promise.all([
    app.ask(fresh),
    ...times(20, () => app.ask(expired)),
  ])
  const calls = (await scene.tokenCalls()) - before
  await end()
  const backMs = await untilSo(async () => (await app.ask(expired)).code === 'ok', 15_000)
  const then = (await scene.tokenCalls()) - before
  const [unavailable, slowest] = [
    refused.filter(({ code }) => code === 'store-unavailable').length,
    Math.round(Math.max(...refused.map(({ ms }) => ms))),
  ]
  return scene.row(
    `M13 hangs: ${how}`,
    {
      'one command ms': Math.round(good.ms),
      'good token': good.code,
      'store-unavailable': unavailable,
      'slowest ms': slowest,
      'token calls': calls,
      'served after ms': backMs,
      'token calls then': then,
    },
    'a command at most 1000 ms (+250 here), 2500 in all, 0 calls; then exactly 1',
    good.code === 'ok' &&
      good.ms <= 1_250 + granted &&
      unavailable === refused.length &&
      slowest <= 2_500 + granted &&
      calls === 0 &&
      then === 1 &&
      Number.isFinite(backMs),
  )
}

/**
 * Every command is done, and its answer comes too late: a lease is taken, and who took it does not
 * know.
 */
const late = async (scene: Setup): Promise<Row> => {
  const granted = grantedMs(scene.bench)
  await scene.connect('late', 'expired')
  const [app, other] = [await scene.app(), await scene.app()]
  for (const one of [app, other]) await one.oauth.connection('late').status()
  const before = await scene.tokenCalls()
  // The read is in time, so that the write is sent.
  const written = await scene.app({}, (store) => ({
    ...store,
    write: async (...all) => {
      scene.proxy?.delay(1_500)
      return store.write(...all)
    },
  }))
  await written.oauth.connection('late').status()
  const asked = await written.ask('late')
  await sleep(1_600) // What is still held back arrives, and nobody waits for it.
  scene.proxy?.delay(0)
  const calls = (await scene.tokenCalls()) - before
  let errors = 0
  const backMs = await untilSo(async () => {
    const { code } = await other.ask('late')
    if (code !== 'ok') errors += 1
    return code === 'ok'
  }, 20_000)
  const then = (await scene.tokenCalls()) - before
  return scene.row(
    'answers 1.5 s late, from the lease on',
    {
      'its caller': asked.code,
      'after ms': Math.round(asked.ms),
      'token calls': calls,
      'others served after ms': backMs,
      'errors at others': errors,
      'token calls then': then,
    },
    'store-unavailable within 2500 ms, 0 calls; then exactly 1, within the lease + 1 s',
    asked.code === 'store-unavailable' &&
      asked.ms <= 2_500 + granted &&
      calls === 0 &&
      errors === 0 &&
      then === 1 &&
      backMs <= 10_000 + granted,
  )
}
