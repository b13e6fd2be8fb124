import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { withClockOffset } from './clock-offset.ts'
import { appOn } from './app.ts'
import { startProcess, type Process } from './child.ts'
import { codeOf } from './code-of.ts'
import { tally, times } from './figures.ts'
import type { TestContext, Experiment, Row } from './experiment.ts'
import { openRawRows } from './raw-rows.ts'
import type { RotationOrder, RotationSettings, Traffic } from './rotation/process.ts'
import { openStore, startStore, type StoreName } from './stores.ts'
import { startZoho } from './zoho.ts'

/**
 * A new encryption key in processes under traffic, one process after the other: `[old]`, then
 * `[old, new]`, so that all of them can open what the first of them will seal, then `[new, old]`,
 * then all is resealed, then `[new]`.
 */
export const rotation: Experiment = {
  name: 'rotation',
  async prove(bench) {
    const rows: Row[] = []
    for (const store of bench.stores) rows.push(...(await on(bench, store)))
    return rows
  },
}

const processModule = new URL('rotation/process.ts', import.meta.url)
const newKey = () => randomBytes(32).toString('base64')

const on = async (bench: TestContext, name: StoreName): Promise<Row[]> => {
  const [place, zoho] = [await startStore(bench, name), await startZoho(bench)]
  const running = bench.short ? 2 : 4
  const [former, current] = [newKey(), newKey()]
  const { store, close } = await openStore(place)
  bench.atEnd(close)
  // Half of the access tokens have expired.
  const ids = times(bench.short ? 12 : 80, (number) => `rotated-${number}`)
  const untouched = times(5, (number) => `untouched-${number}`)
  for (const [index, id] of [...ids, ...untouched].entries()) {
    const seeder = appOn(index % 2 ? withClockOffset(store, 3_600_000) : store, zoho, {
      encryptionKeys: [former],
    })
    await seeder.connection(id).exchangeSelfClientCode(await zoho.newCode(), { principal: id })
  }
  const raw = await openRawRows(place, zoho.client.id)
  bench.atEnd(() => raw.close())
  const formerId = keyIdOf((await raw.envelopes())[0])
  const sealedByFormer = async () =>
    (await raw.envelopes()).filter((envelope) => keyIdOf(envelope) === formerId).length

  const start = async (keys: readonly string[], from: number): Promise<Process> => {
    const settings: RotationSettings = {
      place,
      zoho: { eu: zoho.eu, client: zoho.client },
      keys,
      ids,
      refreshes: { from, of: running },
    }
    const started = await startProcess(bench, processModule, settings)
    await started.ask('begin' satisfies RotationOrder)
    return started
  }
  const all: Traffic[] = []
  const processes = await Promise.all(times(running, (number) => start([former], number)))
  const runMs = bench.short ? 100 : 1_500
  const roll = async (keys: readonly string[]): Promise<void> => {
    for (const [index, old] of processes.entries()) {
      processes[index] = await start(keys, index)
      all.push(await old.ask<Traffic>('end' satisfies RotationOrder))
      old.child.disconnect()
      await old.ended
      await sleep(runMs)
    }
  }
  await sleep(runMs)
  await roll([former, current])
  await roll([current, former])
  const [rowsInAll, beforeReseal] = [(await raw.envelopes()).length, await sealedByFormer()]

  // Who has the new key alone by now came too early.
  let network = 0
  const counted: typeof fetch = (...call) => {
    network += 1
    return fetch(...call)
  }
  const early = appOn(store, zoho, { encryptionKeys: [current], fetch: counted })
  const tooEarly = await Promise.all(
    untouched.map((id) =>
      early
        .connection(id)
        .accessToken()
        .then(() => 'ok', codeOf),
    ),
  )

  const sweep = await (processes[0] as Process).ask<{ done: number; failed: readonly string[] }>(
    'reseal' satisfies RotationOrder,
  )
  const afterReseal = await sealedByFormer()
  await roll([current])
  for (const one of processes) all.push(await one.ask<Traffic>('end' satisfies RotationOrder))

  const failures = all.flatMap((one) => one.failures)
  const [reads, refreshes] = [sum(all, 'reads'), sum(all, 'refreshes')]
  const row = { part: 'rotation', store: name }
  return [
    {
      ...row,
      what: `${running} processes, keys rolled three times under traffic`,
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
      what: 'rows sealed by the former key',
      figures: {
        rows: rowsInAll,
        'after their own writes': beforeReseal,
        reencryptionRequested: sweep.done,
        failed: tally(sweep.failed),
        'after reencryptAll': afterReseal,
      },
      target: 'fewer than all by themselves, then 0; failed none',
      ok:
        beforeReseal > 0 &&
        beforeReseal < rowsInAll &&
        sweep.failed.length === 0 &&
        afterReseal === 0,
    },
    {
      ...row,
      what: 'the former key gone before that',
      figures: { asked: tooEarly.length, answers: tally(tooEarly), 'calls to Zoho': network },
      target: 'key-unknown, 0 calls',
      ok: network === 0 && tooEarly.every((code) => code === 'key-unknown'),
    },
  ]
}

/** An envelope is `1.<key id>.…`. */
const keyIdOf = (envelope: string | undefined): string | undefined => envelope?.split('.')[1]

const sum = (all: readonly Traffic[], what: 'reads' | 'refreshes'): number =>
  all.reduce((total, one) => total + one[what], 0)
