import { setTimeout as sleep } from 'node:timers/promises'
import type { Order, Told } from './app-process.ts'
import type { Process } from './child.ts'
import { rowOf, failedChecks, type Verdict } from './crash-report.ts'
import { tally } from './figures.ts'
import { connectAnHourAgo, createCluster, refreshesOf, type Cluster } from './cluster.ts'
import { grantedMs, type TestContext, type Experiment, type Row } from './experiment.ts'
import type { StoreName } from './stores.ts'
import { startTargetProcess, stepsOf, type TargetProcess } from './target.ts'
import type { Done } from './target-process.ts'

const leaseMs = 9_000
/**
 * The holder of the lease is stopped by SIGSTOP for three leases, at every step of a refresh, and
 * wakes up: it believes that it still is the holder, and has an answer or a write in its hands.
 */
export const stop: Experiment = {
  name: 'stop',
  async prove(bench) {
    const rows: Row[] = []
    for (const store of bench.stores) rows.push(await on(bench, store))
    return rows
  },
}

interface Stopped {
  readonly step: string
  readonly id: string
  readonly victim: TargetProcess
  readonly stoppedAt: number
  readonly others: Promise<{ readonly told: readonly Told[]; readonly recoveryMs: number }>
}

const on = async (bench: TestContext, store: StoreName): Promise<Row> => {
  const ground = await createCluster(bench, store)
  await ground.zoho.addFault({ on: 'token', kind: 'latency', seconds: 0.3 })
  const steps = bench.short ? worst : await everyStep(ground)
  const names = await connectAnHourAgo(ground, steps.map(idOf))
  const all: Stopped[] = []
  for (const step of steps) all.push(await stopAt(ground, step))
  await sleep(
    Math.max(...all.map(({ stoppedAt }) => stoppedAt)) +
      (bench.short ? leaseMs + 2_000 : 3 * leaseMs) -
      performance.now(),
  )
  const newcomer = await ground.newcomer()
  const seen = []
  for (const one of all) seen.push(await wake(ground, newcomer, one, names.get(one.id)))
  const figures = {
    'token calls at most': Math.max(...seen.map(({ calls }) => calls)),
    'errors of others': seen.reduce((sum, { errors }) => sum + errors, 0),
    'recovery ms at most': Math.max(...seen.map(({ recoveryMs }) => recoveryMs)),
    'late writes refused': seen.reduce((sum, { refusedWrites }) => sum + refusedWrites, 0),
    'woken callers': tally(seen.map(({ woken }) => woken)),
  }
  const refusesNone = figures['late writes refused'] === 0
  return rowOf(
    ground,
    'stop',
    `refresh, stopped for ${bench.short ? 'a lease and more,' : 'three leases,'}`,
    seen,
    figures,
    'token calls at most 2, errors of others 0, recovery ms at most 10000, late writes ' +
      'refused at least 1',
    refusesNone,
  )
}

const idOf = (step: string) => `stopped, ${step}`

/** Before the call, after its answer, and before the write. */
const worst = [
  'POST /oauth/v2/token 1: before',
  'POST /oauth/v2/token 1: answered',
  'write 2: before',
]

const everyStep = async (ground: Cluster): Promise<readonly string[]> => {
  await connectAnHourAgo(ground, ['to refresh'])
  return stepsOf(ground.bench, ground.settings, { verb: 'refresh', id: 'to refresh' })
}

const stopAt = async (ground: Cluster, step: string): Promise<Stopped> => {
  const id = idOf(step)
  const victim = await startTargetProcess(
    ground.bench,
    ground.settings,
    { step, signal: 'SIGSTOP' },
    async () => ({ verb: 'refresh', id }),
  )
  await victim.wrote
  const asked = Promise.all(
    ground.others.map((one) =>
      one.ask<Told>({ do: 'access-token', id, callers: ground.callers } satisfies Order),
    ),
  )
  const stoppedAt = await victim.struck
  return {
    step,
    id,
    victim,
    stoppedAt,
    others: asked.then((told) => ({ told, recoveryMs: Math.round(performance.now() - stoppedAt) })),
  }
}

const wake = async (
  ground: Cluster,
  newcomer: Process,
  { step, id, victim, others }: Stopped,
  refreshToken: string | undefined,
) => {
  const { told, recoveryMs } = await others
  victim.process.child.kill('SIGCONT')
  const woken = await victim.done
  const later = await victim.process.ask<Done>({ verb: 'refresh', id })
  const stored = (await newcomer.ask<Told>({ do: 'access-token', id, callers: 1 } satisfies Order))
    .told[0]
  const calls = refreshesOf(await ground.journal(), refreshToken)
  const living = new Set((await ground.zoho.tokens()).accessTokens.map(({ token }) => token))
  const [errors, tokens] = [
    told.flatMap((one) => one.errors),
    [...new Set(told.flatMap((one) => one.told))],
  ]
  const verdict: Verdict = {
    step,
    wrong: failedChecks({
      [`errors: ${errors[0]}`]: errors.length === 0,
      [`${calls} token calls`]: calls === 1 || calls === 2,
      [`recovered after ${recoveryMs} ms`]: recoveryMs <= leaseMs + 1_000 + grantedMs(ground.bench),
      'another token is stored than was handed out': tokens.length === 1 && tokens[0] === stored,
      'the stored token does not work': living.has(stored ?? ''),
      // It asked long ago: its time is over, as 18 s of waiting are or a second for the store. Then
      // it may ask again.
      [`woken, it told its caller ${woken.outcome}`]:
        woken.outcome === 'ok' ? living.has(woken.accessToken ?? '') : woken.remedy === 'retry',
      [`asked again it told ${later.outcome}`]: living.has(later.accessToken ?? ''),
    }),
  }
  return {
    ...verdict,
    calls,
    errors: errors.length,
    recoveryMs,
    woken: woken.outcome,
    refusedWrites: later.refusedWrites,
  }
}
