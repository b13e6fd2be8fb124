import { setTimeout as sleep } from 'node:timers/promises'
import type { Order, Swept } from './app-process.ts'
import type { Process } from './child.ts'
import { consent } from './consent.ts'
import { connectAnHourAgo, createCluster, type Cluster } from './cluster.ts'
import { killExchange } from './kill-exchange.ts'
import { expiredFor, killRefresh } from './kill-refresh.ts'
import { killRevocation } from './kill-revocation.ts'
import type { TestContext, Experiment, Row } from './experiment.ts'
import type { StoreName } from './stores.ts'
import { stepsOf } from './target.ts'
import type { Operation } from './target-process.ts'

/** An exchange that has not ended by then is taken for dead. */
const exchangeMs = 20_000
const halfAnHourMs = 1_800_000

/**
 * A process dies by SIGKILL at every step of exchange, re-consent, revocation and refresh, each on
 * a connection of its own.
 */
export const kill: Experiment = {
  name: 'kill',
  async prove(bench) {
    const rows: Row[] = []
    for (const store of bench.stores) rows.push(...(await on(bench, store)))
    return rows
  },
}

const on = async (bench: TestContext, store: StoreName): Promise<Row[]> => {
  const ground = await createCluster(bench, store)
  await ground.zoho.addFault({ on: 'token', kind: 'latency', seconds: 0.3 })
  await ground.zoho.addFault({ on: 'revoke', kind: 'latency', seconds: 0.3 })
  const steps = bench.short ? worst : await everyStep(ground)
  // The clock is pushed for those that expired; what is made afterwards is fresh.
  const expired = await expiredFor(ground, steps.refresh)
  const all = await Promise.all([
    killExchange(ground, steps.exchange, false),
    killExchange(ground, steps.reConsent, true),
    killRevocation(ground, steps.revocation),
    killRefresh(ground, expired),
  ])
  await sleep(
    Math.max(...all.map(({ endedAt }) => endedAt)) + exchangeMs + 1_000 - performance.now(),
  )
  const sweeper = await ground.newcomer()
  const swept = await sweeper.ask<Swept>({ do: 'recover' } satisfies Order)
  const newcomer = await ground.newcomer()
  const rows: Row[] = []
  for (const { afterSweep } of all) rows.push(await afterSweep(newcomer, swept))
  return [...rows, await finished(ground, sweeper, swept)]
}

/** Nothing is left to do, neither now nor when the callbacks that were used may be forgotten. */
const finished = async (
  ground: Cluster,
  sweeper: Process,
  { done, failed, left }: Swept,
): Promise<Row> => {
  const again = await sweeper.ask<Swept>({ do: 'recover' } satisfies Order)
  const later = await (
    await ground.newcomer(-halfAnHourMs - 1_000)
  ).ask<Swept>({ do: 'recover' } satisfies Order)
  const figures = {
    recoveryRequested: done,
    failed: failed.length,
    pending: left.length,
    'told again': again.consentFailed.length,
    'rows half an hour later': later.rows.length,
  }
  const ok =
    failed.length +
      left.length +
      again.consentFailed.length +
      later.failed.length +
      later.rows.length ===
      0 && done > 0
  return {
    part: 'kill',
    store: ground.store,
    what: 'after recover()',
    figures,
    target: 'failed 0, pending 0, told again 0, rows half an hour later 0',
    ok,
  }
}

/** Where most is at stake: Zoho acted, and it is not stored yet, or nobody saw that it is. */
const worst = {
  exchange: ['POST /oauth/v2/token 1: answered'],
  reConsent: ['POST /oauth/v2/token 1: answered'],
  revocation: ['POST /oauth/v2/revoke/token 1: answered'],
  refresh: ['POST /oauth/v2/token 1: answered', 'write 2: sent'],
}

const everyStep = async (
  ground: Cluster,
): Promise<Readonly<Record<keyof typeof worst, readonly string[]>>> => {
  const { bench, settings, others } = ground
  await connectAnHourAgo(ground, ['to refresh'])
  const steps = (deed: Operation) => stepsOf(bench, settings, deed)
  const refresh = await steps({ verb: 'refresh', id: 'to refresh' })
  const exchange = await steps({
    verb: 'exchange',
    callback: await consent(settings.zoho, 'to connect'),
  })
  const reConsent = await steps({
    verb: 'exchange',
    callback: await consent(settings.zoho, 'to connect'),
  })
  await ground.connect(others[0]!, 'to revoke')
  return {
    refresh,
    exchange,
    reConsent,
    revocation: await steps({ verb: 'revoke', id: 'to revoke' }),
  }
}
