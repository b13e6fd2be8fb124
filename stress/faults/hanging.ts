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
  // A cached record is read again after 30 s, so the request for the fresh token needs the store.
  app.advanceClock(31_000)
  const [freshResult, ...expiredResults] = await Promise.all([
    app.requestToken(fresh),
    ...times(20, () => app.requestToken(expired)),
  ])
  const calls = (await setup.tokenCalls()) - before
  await end()
  const backMs = await waitUntil(
    async () => (await app.requestToken(expired)).code === 'ok',
    15_000,
  )
  const callsInAll = (await setup.tokenCalls()) - before
  const unavailable = expiredResults.filter(({ code }) => code === 'store-unavailable').length
  const slowestMs = Math.round(Math.max(...expiredResults.map(({ ms }) => ms)))
  return setup.row(
    `M13 hangs: ${how}`,
    {
      'fresh token after ms': Math.round(freshResult.ms),
      'fresh token': freshResult.code,
      'store-unavailable': unavailable,
      'slowest ms': slowestMs,
      'token calls': calls,
      'served after ms': backMs,
      'token calls in all': callsInAll,
    },
    'the fresh token within 1250 ms, errors for the expired one within 2500 ms, no token call; ' +
      'when the store is back, one token call in all',
    freshResult.code === 'ok' &&
      freshResult.ms <= 1_250 + slack &&
      unavailable === expiredResults.length &&
      slowestMs <= 2_500 + slack &&
      calls === 0 &&
      callsInAll === 1 &&
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
  // The delay begins with the first write, that of the lease. If the reads before it were late too,
  // they would time out, and the app would not write.
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
  const callsInAll = (await setup.tokenCalls()) - before
  return setup.row(
    'responds 1.5 s late, beginning with the write of the lease',
    {
      caller: result.code,
      'after ms': Math.round(result.ms),
      'token calls': calls,
      'others served after ms': backMs,
      'errors at others': errors,
      'token calls in all': callsInAll,
    },
    'store-unavailable within 2500 ms, no token call; then another app is served within the ' +
      'lease + 1 s, with one token call in all',
    result.code === 'store-unavailable' &&
      result.ms <= 2_500 + slack &&
      calls === 0 &&
      errors === 0 &&
      callsInAll === 1 &&
      backMs <= 10_000 + slack,
  )
}
