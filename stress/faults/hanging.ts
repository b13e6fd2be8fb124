import { setTimeout as sleep } from 'node:timers/promises'
import { times } from '../figures.ts'
import { slackMs, type Row } from '../experiment.ts'
import { waitUntil, type Setup } from './setup.ts'
import { stopStore } from './stop-store.ts'

/**
 * M13: the store accepts commands and does not respond, because its process is stopped or because
 * the network drops all packets.
 */
export const hanging = async (setup: Setup): Promise<Row[]> => {
  const rows = [await runHanging(setup, 'SIGSTOP', () => stopStore(setup, 'hangs'))]
  const { proxy } = setup
  if (!proxy) return rows
  const dropBytes = async () => {
    proxy.dropBytes(true)
    return async () => proxy.dropBytes(false)
  }
  return [...rows, await runHanging(setup, 'network timeouts', dropBytes), await runLate(setup)]
}

const runHanging = async (
  setup: Setup,
  how: string,
  begin: () => Promise<() => Promise<void>>,
): Promise<Row> => {
  const slack = slackMs(setup.context)
  const fresh = `M13 ${how} fresh`
  const expired = `M13 ${how} expired`
  await setup.connect(fresh)
  await setup.connect(expired, 'expired')
  const app = await setup.app()
  await app.requestToken(fresh)
  await app.oauth.connection(expired).status()
  const before = await setup.tokenCalls()
  const end = await begin()
  app.advanceClock(31_000) // Now the app must read the record of the fresh token again.
  const [good, ...refused] = await Promise.all([
    app.requestToken(fresh),
    ...times(20, () => app.requestToken(expired)),
  ])
  const calls = (await setup.tokenCalls()) - before
  await end()
  const backMs = await waitUntil(
    async () => (await app.requestToken(expired)).code === 'ok',
    15_000,
  )
  const callsAfter = (await setup.tokenCalls()) - before
  const unavailable = refused.filter(({ code }) => code === 'store-unavailable').length
  const slowestMs = Math.round(Math.max(...refused.map(({ ms }) => ms)))
  return setup.row(
    `M13 hangs: ${how}`,
    {
      'one command ms': Math.round(good.ms),
      'good token': good.code,
      'store-unavailable': unavailable,
      'slowest ms': slowestMs,
      'token calls': calls,
      'served after ms': backMs,
      'token calls afterwards': callsAfter,
    },
    'one command at most 1250 ms, slowest at most 2500 ms, 0 calls; then exactly 1',
    good.code === 'ok' &&
      good.ms <= 1_250 + slack &&
      unavailable === refused.length &&
      slowestMs <= 2_500 + slack &&
      calls === 0 &&
      callsAfter === 1 &&
      Number.isFinite(backMs),
  )
}

/**
 * The store executes every command, but its responses come too late: a process takes the lease and
 * does not see the response.
 */
const runLate = async (setup: Setup): Promise<Row> => {
  const slack = slackMs(setup.context)
  await setup.connect('late', 'expired')
  const other = await setup.app()
  await other.oauth.connection('late').status()
  const before = await setup.tokenCalls()
  // The responses to earlier reads are not delayed. Otherwise the app would not send this write.
  const app = await setup.app({}, (store) => ({
    ...store,
    write: async (...all) => {
      setup.proxy?.delay(1_500)
      return store.write(...all)
    },
  }))
  await app.oauth.connection('late').status()
  const result = await app.requestToken('late')
  await sleep(1_600) // Until the delayed responses have arrived.
  setup.proxy?.delay(0)
  const calls = (await setup.tokenCalls()) - before
  let errors = 0
  const backMs = await waitUntil(async () => {
    const { code } = await other.requestToken('late')
    if (code !== 'ok') errors += 1
    return code === 'ok'
  }, 20_000)
  const callsAfter = (await setup.tokenCalls()) - before
  return setup.row(
    'answers 1.5 s late, from the write of the lease on',
    {
      caller: result.code,
      'after ms': Math.round(result.ms),
      'token calls': calls,
      'others served after ms': backMs,
      'errors at others': errors,
      'token calls afterwards': callsAfter,
    },
    'store-unavailable within 2500 ms, 0 calls; then exactly 1, within the lease + 1 s',
    result.code === 'store-unavailable' &&
      result.ms <= 2_500 + slack &&
      calls === 0 &&
      errors === 0 &&
      callsAfter === 1 &&
      backMs <= 10_000 + slack,
  )
}
