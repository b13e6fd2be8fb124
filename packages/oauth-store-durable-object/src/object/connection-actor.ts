import type {
  ConnectionId,
  ConnectionStore,
  ConnectionSummary,
  EpochMs,
  Revision,
  SealedRecord,
} from '@zrecruit/oauth-core'
import type { ObjectStorage } from '../cloudflare.ts'
import type { IndexedFields, IndexUpdate } from '../protocol/messages.ts'
import { createConnectionTables, type Schedule } from '../sql/connection-tables.ts'
import {
  alarmTimeOf,
  haveSameIndexedFields,
  publishRetryMs,
  nextPublishAt,
  maintenanceAtAfter,
  nextMaintenanceAt,
} from './schedule.ts'

/** The effects of the Durable Object of a connection outside of its own storage. */
interface ActorHooks {
  /** Sends an update to the index. */
  publish(update: IndexUpdate): Promise<void>
  /** Finishes pending work at Zoho: a revocation or a code exchange. */
  finishPendingWork(): Promise<void>
  /** Called after a write that the hosted client did not make: its cache is then stale. */
  onWriteByWorker(): void
}

export interface ConnectionActor {
  /** A listing of this connection only. */
  list(): ConnectionSummary[]
  read(): Awaited<ReturnType<ConnectionStore['read']>>
  /** @param byHostedClient whether the object's own client writes */
  write(
    id: ConnectionId,
    next: SealedRecord | undefined,
    expected: Revision | 'absent',
    byHostedClient?: boolean,
  ): ReturnType<ConnectionStore['write']>
  alarm(): Promise<void>
}

/** How long a write waits for the index. The store interface allows one second per command. */
const indexTimeoutMs = 500

/**
 * Creates the reads, writes and alarm of one connection. Nothing is awaited between reading a
 * revision and replacing it, so no other request runs in between. The runtime's output gate holds
 * back every response and every outgoing call until earlier writes are stored. So a caller only
 * learns of durable writes.
 */
export const createConnectionActor = (
  storage: ObjectStorage,
  hooks: ActorHooks,
): ConnectionActor => {
  const tables = createConnectionTables(storage)

  const setAlarm = async (time: EpochMs | undefined) =>
    time === undefined ? storage.deleteAlarm() : storage.setAlarm(time)
  const saveSchedule = (schedule: Schedule): Promise<void> => {
    tables.putSchedule(schedule)
    return setAlarm(alarmTimeOf(schedule))
  }

  /** Publishes the stored fields, which may be newer than those that the caller wrote. */
  const publish = async (): Promise<void> => {
    const schedule = tables.schedule()
    if (!schedule || schedule.publishAt === null) return
    const { id, sequence } = schedule
    const record = tables.record()
    await hooks.publish({ id, sequence, ...(record && { fields: indexedFieldsIn(record) }) })
    const latest = tables.schedule()
    if (latest?.sequence === sequence) await saveSchedule({ ...latest, publishAt: null })
  }

  const write: ConnectionActor['write'] = async (id, next, expected, byHostedClient = false) => {
    const before = tables.record()
    const schedule = tables.schedule()
    const now = Date.now()
    if ((before?.revision ?? 'absent') !== expected) return { written: false, asOf: now }
    if (!before && !next) return { written: true, asOf: now }
    const isChanged = !haveSameIndexedFields(before, next)
    const planned: Schedule = {
      id,
      sequence: isChanged
        ? Math.max((schedule?.sequence ?? 0) + 1, now)
        : (schedule?.sequence ?? now),
      publishAt: isChanged ? now + publishRetryMs : (schedule?.publishAt ?? null),
      maintenanceAt: maintenanceAtAfter(next, byHostedClient, schedule, now),
    }
    tables.put(next, planned)
    // `setAlarm` is called before the first `await`, so that the alarm is stored together with the
    // record. If a crash interrupts the work below, the alarm repeats it.
    const alarmSet =
      alarmTimeOf(planned) === alarmTimeOf(schedule) ? undefined : setAlarm(alarmTimeOf(planned))
    if (!byHostedClient) hooks.onWriteByWorker()
    await alarmSet
    // If the index acknowledges in time, every later listing contains the write. Otherwise the
    // alarm publishes again.
    if (isChanged) await waitAtMost(indexTimeoutMs, publish())
    return { written: true, asOf: Date.now() }
  }

  /** Finishes pending work, or deletes the tables of a removed record. */
  const maintain = async (): Promise<unknown> => {
    if (!tables.record()) {
      const isIndexUpdated = tables.schedule()?.publishAt === null
      return isIndexUpdated ? tables.wipe() : undefined
    }
    try {
      await hooks.finishPendingWork()
    } catch (error) {
      const schedule = tables.schedule()
      const { retryAt = 0 } = error as { retryAt?: number }
      if (schedule && schedule.maintenanceAt !== null && schedule.maintenanceAt < retryAt)
        await saveSchedule({ ...schedule, maintenanceAt: retryAt })
    }
  }

  return {
    list() {
      const record = tables.record()
      const schedule = tables.schedule()
      return record && schedule ? [{ id: schedule.id, ...indexedFieldsIn(record) }] : []
    },
    read() {
      const record = tables.record()
      return { ...(record && { record }), asOf: Date.now() }
    },
    write,
    async alarm() {
      const schedule = tables.schedule()
      const now = Date.now()
      if (!schedule) return
      const { sequence, publishAt, maintenanceAt } = schedule
      const mustPublish = publishAt !== null && publishAt <= now
      const mustMaintain = maintenanceAt !== null && maintenanceAt <= now
      // The next alarm is set before the work. If the work crashes the object, this alarm fails,
      // and the runtime stops repeating an alarm that keeps failing.
      await saveSchedule({
        ...schedule,
        publishAt: mustPublish ? nextPublishAt(sequence, now) : publishAt,
        maintenanceAt: mustMaintain ? nextMaintenanceAt(sequence, now) : maintenanceAt,
      })
      await Promise.allSettled([mustPublish && publish(), mustMaintain && maintain()])
    },
  }
}

const indexedFieldsIn = ({
  revision: _revision,
  envelope: _envelope,
  ...fields
}: SealedRecord): IndexedFields => fields

/**
 * Waits until the work ends, but at most `ms`. Work that takes longer continues. Its errors are
 * ignored.
 */
const waitAtMost = (ms: number, work: Promise<void>): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    void work
      .catch(() => {})
      .then(() => {
        clearTimeout(timer)
        resolve()
      })
  })
