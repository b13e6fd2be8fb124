import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { withClockOffset } from './clock-offset.ts'
import { createApp } from './app.ts'
import { startProcess, type Process } from './child.ts'
import { errorCodeOf } from './code-of.ts'
import { tally, times } from './figures.ts'
import type { TestContext, Experiment, Row } from './experiment.ts'
import { openRawRows } from './raw-rows.ts'
import type { RotationCommand, RotationSettings, Traffic } from './rotation/process.ts'
import { openStore, startStore, type StoreName } from './stores.ts'
import { startZoho } from './zoho.ts'

/**
 * Rotates the encryption key in processes under traffic, one process after the other: `[old]`, then
 * `[old, new]`, so that every process can open records with the new key, then `[new, old]`, then
 * `reencryptAll()`, then `[new]`.
 */
export const rotation: Experiment = {
  name: 'rotation',
  async run(context) {
    const rows: Row[] = []
    for (const store of context.stores) rows.push(...(await runOnStore(context, store)))
    return rows
  },
}

const processModule = new URL('rotation/process.ts', import.meta.url)
const newKey = () => randomBytes(32).toString('base64')

const runOnStore = async (context: TestContext, name: StoreName): Promise<Row[]> => {
  const location = await startStore(context, name)
  const zoho = await startZoho(context)
  const processCount = context.short ? 2 : 4
  const former = newKey()
  const current = newKey()
  const { store, close } = await openStore(location)
  context.atEnd(close)
  // Half of the access tokens have expired.
  const ids = times(context.short ? 12 : 80, (number) => `rotated-${number}`)
  // No process uses these connections.
  const untouched = times(5, (number) => `untouched-${number}`)
  for (const [index, id] of [...ids, ...untouched].entries()) {
    const isExpired = index % 2 === 1
    const seeder = createApp(isExpired ? withClockOffset(store, 3_600_000) : store, zoho, {
      encryptionKeys: [former],
    })
    await seeder.connection(id).exchangeSelfClientCode(await zoho.newCode(), { principal: id })
  }
  const raw = await openRawRows(location, zoho.client.id)
  context.atEnd(() => raw.close())
  const formerId = keyIdOf((await raw.envelopes())[0])
  const countSealedByFormer = async () =>
    (await raw.envelopes()).filter((envelope) => keyIdOf(envelope) === formerId).length

  const start = async (keys: readonly string[], from: number): Promise<Process> => {
    const settings: RotationSettings = {
      location,
      zoho: { eu: zoho.eu, client: zoho.client },
      keys,
      ids,
      refreshes: { from, every: processCount },
    }
    const started = await startProcess(context, processModule, settings)
    await started.request('begin' satisfies RotationCommand)
    return started
  }
  const traffic: Traffic[] = []
  const processes = await Promise.all(times(processCount, (number) => start([former], number)))
  const runMs = context.short ? 100 : 1_500
  const deploy = async (keys: readonly string[]): Promise<void> => {
    for (const [index, old] of processes.entries()) {
      processes[index] = await start(keys, index)
      traffic.push(await old.request<Traffic>('end' satisfies RotationCommand))
      await old.stop()
      await sleep(runMs)
    }
  }
  await sleep(runMs)
  await deploy([former, current])
  await deploy([current, former])
  const rowCount = (await raw.envelopes()).length
  const formerBefore = await countSealedByFormer()

  // A process with only the new key cannot open the old records before reencryptAll().
  let callsToZoho = 0
  const countingFetch: typeof fetch = (...call) => {
    callsToZoho += 1
    return fetch(...call)
  }
  const early = createApp(store, zoho, { encryptionKeys: [current], fetch: countingFetch })
  const tooEarly = await Promise.all(
    untouched.map((id) =>
      early
        .connection(id)
        .accessToken()
        .then(() => 'ok', errorCodeOf),
    ),
  )

  const batch = await (processes[0] as Process).request<{
    done: number
    failed: readonly string[]
  }>('reencrypt' satisfies RotationCommand)
  const formerAfter = await countSealedByFormer()
  await deploy([current])
  for (const process of processes)
    traffic.push(await process.request<Traffic>('end' satisfies RotationCommand))

  const failures = traffic.flatMap((counts) => counts.failures)
  const reads = sum(traffic, 'reads')
  const refreshes = sum(traffic, 'refreshes')
  const row = { experiment: 'rotation', store: name }
  return [
    {
      ...row,
      what: `${processCount} processes, keys deployed three times under traffic`,
      figures: {
        reads,
        refreshes,
        failures: tally(failures),
        'access tokens at Zoho': (await zoho.calls()).token,
      },
      target: 'failures none',
      ok: failures.length === 0 && reads > 100 && refreshes >= 3 * ids.length,
    },
    {
      ...row,
      what: 'rows sealed with the former key',
      figures: {
        rows: rowCount,
        'before reencryptAll': formerBefore,
        reencrypted: batch.done,
        failed: tally(batch.failed),
        'after reencryptAll': formerAfter,
      },
      target: 'before fewer than all, after 0; failed none',
      ok:
        formerBefore > 0 &&
        formerBefore < rowCount &&
        batch.failed.length === 0 &&
        formerAfter === 0,
    },
    {
      ...row,
      what: 'the former key removed before reencryptAll',
      figures: { calls: tooEarly.length, outcomes: tally(tooEarly), 'calls to Zoho': callsToZoho },
      target: 'key-unknown, 0 calls',
      ok: callsToZoho === 0 && tooEarly.every((code) => code === 'key-unknown'),
    },
  ]
}

/** An envelope is `1.<key id>.…`. */
const keyIdOf = (envelope: string | undefined): string | undefined => envelope?.split('.')[1]

const sum = (traffic: readonly Traffic[], field: 'reads' | 'refreshes'): number =>
  traffic.reduce((total, counts) => total + counts[field], 0)
