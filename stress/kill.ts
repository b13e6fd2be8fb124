import { setTimeout as sleep } from 'node:timers/promises'
import type { Command, RecoveryResult } from './app-process.ts'
import type { Process } from './child.ts'
import { consent } from './consent.ts'
import { connectWithExpiredTokens, createCluster, type Cluster } from './cluster.ts'
import { killExchange } from './kill-exchange.ts'
import { createExpired, killRefresh } from './kill-refresh.ts'
import { killRevocation } from './kill-revocation.ts'
import type { TestContext, Experiment, Row } from './experiment.ts'
import type { StoreName } from './stores.ts'
import { recordSteps } from './target.ts'
import type { Operation } from './target-process.ts'

/** After this time, an exchange that has not ended counts as abandoned. */
const exchangeMs = 20_000
const halfAnHourMs = 1_800_000

/**
 * Kills a process by SIGKILL at every step of exchange, re-consent, revocation and refresh. Each
 * step has its own connection.
 */
export const kill: Experiment = {
  name: 'kill',
  async run(context) {
    const rows: Row[] = []
    for (const store of context.stores) rows.push(...(await runOnStore(context, store)))
    return rows
  },
}

const runOnStore = async (context: TestContext, store: StoreName): Promise<Row[]> => {
  const cluster = await createCluster(context, store)
  await cluster.zoho.addFault({ on: 'token', kind: 'latency', seconds: 0.3 })
  await cluster.zoho.addFault({ on: 'revoke', kind: 'latency', seconds: 0.3 })
  const steps = context.short ? criticalSteps : await everyStep(cluster)
  // This advances the clock, so the connections that must not expire are created afterwards.
  const expired = await createExpired(cluster, steps.refresh)
  const all = await Promise.all([
    killExchange(cluster, steps.exchange, false),
    killExchange(cluster, steps.reConsent, true),
    killRevocation(cluster, steps.revocation),
    killRefresh(cluster, expired),
  ])
  await sleep(
    Math.max(...all.map(({ lastKilledAt }) => lastKilledAt)) +
      exchangeMs +
      1_000 -
      performance.now(),
  )
  const recoverer = await cluster.startFreshProcess()
  const recovery = await recoverer.request<RecoveryResult>({ do: 'recover' } satisfies Command)
  const freshProcess = await cluster.startFreshProcess()
  const rows: Row[] = []
  for (const { checkAfterRecovery } of all)
    rows.push(await checkAfterRecovery(freshProcess, recovery))
  return [...rows, await checkRecovery(cluster, recoverer, recovery)]
}

/** Checks that nothing is pending now or in half an hour, when used callbacks are forgotten. */
const checkRecovery = async (
  cluster: Cluster,
  recoverer: Process,
  { done, failed, pending }: RecoveryResult,
): Promise<Row> => {
  const again = await recoverer.request<RecoveryResult>({ do: 'recover' } satisfies Command)
  const later = await (
    await cluster.startFreshProcess(-halfAnHourMs - 1_000)
  ).request<RecoveryResult>({ do: 'recover' } satisfies Command)
  const figures = {
    recovered: done,
    failed: failed.length,
    pending: pending.length,
    'reported again': again.consentFailed.length,
    'rows half an hour later': later.pendingRows.length,
  }
  const remaining = [failed, pending, again.consentFailed, later.failed, later.pendingRows].flat()
  return {
    experiment: 'kill',
    store: cluster.store,
    what: 'after recover()',
    figures,
    target: 'failed 0, pending 0, reported again 0, rows half an hour later 0',
    ok: done > 0 && remaining.length === 0,
  }
}

/** At these steps Zoho has acted, but its result is not stored or the write not acknowledged. */
const criticalSteps = {
  exchange: ['POST /oauth/v2/token 1: answered'],
  reConsent: ['POST /oauth/v2/token 1: answered'],
  revocation: ['POST /oauth/v2/revoke/token 1: answered'],
  refresh: ['POST /oauth/v2/token 1: answered', 'write 2: sent'],
}

const everyStep = async (
  cluster: Cluster,
): Promise<Readonly<Record<keyof typeof criticalSteps, readonly string[]>>> => {
  const { context, settings, others } = cluster
  await connectWithExpiredTokens(cluster, ['to refresh'])
  const stepsOf = (operation: Operation) => recordSteps(context, settings, operation)
  const refresh = await stepsOf({ verb: 'refresh', id: 'to refresh' })
  const exchange = await stepsOf({
    verb: 'exchange',
    callback: await consent(settings.zoho, 'to connect'),
  })
  const reConsent = await stepsOf({
    verb: 'exchange',
    callback: await consent(settings.zoho, 'to connect'),
  })
  await cluster.connect(others[0]!, 'to revoke')
  return {
    refresh,
    exchange,
    reConsent,
    revocation: await stepsOf({ verb: 'revoke', id: 'to revoke' }),
  }
}
