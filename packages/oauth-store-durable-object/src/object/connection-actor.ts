import type {
  ConnectionId,
  ConnectionStore,
  ConnectionSummary,
  EpochMs,
  Revision,
  SealedRecord,
} from '@zrecruit/oauth-core'
import type { ObjectStorage } from '../cloudflare.ts'
import type { Facts, Update } from '../protocol/messages.ts'
import { createConnectionTable, type Schedule } from '../sql/connection-table.ts'
import {
  alarmOf,
  haveSameFacts,
  publishRetryMs,
  nextPublishAt,
  workAtAfter,
  nextWorkAt,
} from './schedule.ts'

/** The effects of a connection's object outside of its own storage. */
interface ActorHooks {
  /** Sends an update to the index. */
  publish(update: Update): Promise<void>
  /** Finishes pending work at Zoho: a revocation or a code exchange. */
  finish(): Promise<void>
  /** Another client has written, so the hosted client's cached data is stale. */
  writtenByAnotherClient(): void
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

/** How long a write waits for the index. The store itself must answer within a second. */
const indexMs = 500

/**
 * One connection. Nothing is awaited between reading a revision and replacing it, so no other
 * request runs in between. The runtime's output gate holds back every response and every outgoing
 * call until earlier writes are stored, so a caller only learns of durable writes.
 */
export const createConnectionActor = (
  storage: ObjectStorage,
  hooks: ActorHooks,
): ConnectionActor => {
  const table = createConnectionTable(storage)

  const setAlarm = async (at: EpochMs | undefined) =>
    at === undefined ? storage.deleteAlarm() : storage.setAlarm(at)
  const saveSchedule = (schedule: Schedule): Promise<void> => {
    table.putSchedule(schedule)
    return setAlarm(alarmOf(schedule))
  }

  /** Publishes the current facts, which may be newer than those the caller wrote. */
  const publish = async (): Promise<void> => {
    const schedule = table.schedule()
    if (!schedule || schedule.publishAt === null) return
    const { id, sequence } = schedule
    const record = table.record()
    await hooks.publish({ id, sequence, ...(record && { facts: factsIn(record) }) })
    const latest = table.schedule()
    if (latest?.sequence === sequence) await saveSchedule({ ...latest, publishAt: null })
  }

  const write: ConnectionActor['write'] = async (id, next, expected, byHostedClient = false) => {
    const before = table.record()
    const schedule = table.schedule()
    const now = Date.now()
    if ((before?.revision ?? 'absent') !== expected) return { written: false, asOf: now }
    if (!before && !next) return { written: true, asOf: now }
    const isChanged = !haveSameFacts(before, next)
    const planned: Schedule = {
      id,
      sequence: isChanged
        ? Math.max((schedule?.sequence ?? 0) + 1, now)
        : (schedule?.sequence ?? now),
      publishAt: isChanged ? now + publishRetryMs : (schedule?.publishAt ?? null),
      workAt: workAtAfter(next, byHostedClient, schedule, now),
    }
    table.put(next, planned)
    // Called before the first `await`, so that the alarm is stored together with the record. It
    // repeats the work that a crash interrupts.
    const alarmSet = alarmOf(planned) === alarmOf(schedule) ? undefined : setAlarm(alarmOf(planned))
    if (!byHostedClient) hooks.writtenByAnotherClient()
    await alarmSet
    // A later listing contains the write. If the index is down, the alarm publishes again.
    if (isChanged) await within(indexMs, publish())
    return { written: true, asOf: Date.now() }
  }

  /** Does the due work other than publishing. */
  const work = async (): Promise<unknown> => {
    if (!table.record()) {
      const isIndexUpdated = table.schedule()?.publishAt === null
      return isIndexUpdated ? table.wipe() : undefined
    }
    try {
      await hooks.finish()
    } catch (error) {
      const schedule = table.schedule()
      const { retryAt = 0 } = error as { retryAt?: number }
      if (schedule && schedule.workAt !== null && schedule.workAt < retryAt)
        await saveSchedule({ ...schedule, workAt: retryAt })
    }
  }

  return {
    list() {
      const record = table.record()
      const schedule = table.schedule()
      return record && schedule ? [{ id: schedule.id, ...factsIn(record) }] : []
    },
    read() {
      const record = table.record()
      return { ...(record && { record }), asOf: Date.now() }
    },
    write,
    async alarm() {
      const schedule = table.schedule()
      const now = Date.now()
      if (!schedule) return
      const { sequence, publishAt, workAt } = schedule
      const mustPublish = publishAt !== null && publishAt <= now
      const mustWork = workAt !== null && workAt <= now
      // The next alarm is set first. The runtime stops repeating an alarm that keeps failing, as it
      // does when this work crashes the object.
      await saveSchedule({
        ...schedule,
        publishAt: mustPublish ? nextPublishAt(sequence, now) : publishAt,
        workAt: mustWork ? nextWorkAt(sequence, now) : workAt,
      })
      await Promise.allSettled([mustPublish && publish(), mustWork && work()])
    },
  }
}

const factsIn = ({ revision: _revision, envelope: _sealed, ...facts }: SealedRecord): Facts => facts

/**
 * Waits for work, but not longer than `ms`. The work then continues, and its errors are ignored.
 */
const within = (ms: number, work: Promise<void>): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    void work
      .catch(() => {})
      .then(() => {
        clearTimeout(timer)
        resolve()
      })
  })
