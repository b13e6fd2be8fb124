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
import { connectionTable, type Schedule } from '../sql/connection-table.ts'
import { alarmOf, areSame, tellAgainMs, tellNext, workAfter, workNext } from './schedule.ts'

/**
 * What a connection's object does with the world: tell the index, and take up with Zoho what was
 * left undone.
 */
interface ActorHooks {
  publish(update: Update): Promise<void>
  finish(): Promise<void>
  /** Somebody else wrote: what was remembered of the connection is old. */
  changed(): void
}

export interface ConnectionActor {
  /** What stands, as a listing of this connection alone. */
  list(): ConnectionSummary[]
  read(): Awaited<ReturnType<ConnectionStore['read']>>
  /** @param own written by the object's own client */
  write(
    id: ConnectionId,
    next: SealedRecord | undefined,
    expected: Revision | 'absent',
    own?: boolean,
  ): ReturnType<ConnectionStore['write']>
  alarm(): Promise<void>
}

/** The index has so long to acknowledge; the store itself has a second to answer. */
const indexMs = 500

/**
 * One connection. Nothing is awaited between reading a revision and writing over it, so no other
 * request comes in between; and what leaves the object, an answer as well as a call, waits at the
 * runtime's output gate until the writes before it are stored: whoever hears of a write hears of
 * one that lasts.
 */
export const connectionActor = (storage: ObjectStorage, hands: ActorHooks): ConnectionActor => {
  const table = connectionTable(storage)

  const ring = async (at: EpochMs | undefined) =>
    at === undefined ? storage.deleteAlarm() : storage.setAlarm(at)
  const plan = (agenda: Schedule): Promise<void> => {
    table.putAgenda(agenda)
    return ring(alarmOf(agenda))
  }

  /** Tells what stands now, which may be newer than what the caller wrote. */
  const tell = async (): Promise<void> => {
    const agenda = table.agenda()
    if (!agenda || agenda.tellAt === null) return
    const { id, sequence } = agenda
    const record = table.record()
    await hands.publish({ id, sequence, ...(record && { facts: factsIn(record) }) })
    const now = table.agenda()
    if (now?.sequence === sequence) await plan({ ...now, tellAt: null })
  }

  const write: ConnectionActor['write'] = async (id, next, expected, own = false) => {
    const [before, agenda, now] = [table.record(), table.agenda(), Date.now()]
    if ((before?.revision ?? 'absent') !== expected) return { written: false, asOf: now }
    if (!before && !next) return { written: true, asOf: now }
    const isChanged = !areSame(before, next)
    const planned: Schedule = {
      id,
      sequence: isChanged ? Math.max((agenda?.sequence ?? 0) + 1, now) : (agenda?.sequence ?? now),
      tellAt: isChanged ? now + tellAgainMs : (agenda?.tellAt ?? null),
      workAt: workAfter(next, own, agenda, now),
    }
    table.put(next, planned)
    // Before anything is awaited: the alarm is stored together with the record, and mends what a
    // crash leaves undone.
    const rung = alarmOf(planned) === alarmOf(agenda) ? undefined : ring(alarmOf(planned))
    if (!own) hands.changed()
    await rung
    // A listing follows the writes. An index that is down loses none: the alarm tells it.
    if (isChanged) await within(indexMs, tell())
    return { written: true, asOf: Date.now() }
  }

  /** What is due, besides the index. */
  const work = async (): Promise<unknown> => {
    if (!table.record()) return table.agenda()?.tellAt === null ? table.wipe() : undefined
    try {
      await hands.finish()
    } catch (error) {
      const [agenda, { retryAt = 0 }] = [table.agenda(), error as { retryAt?: number }]
      if (agenda && agenda.workAt !== null && agenda.workAt < retryAt)
        await plan({ ...agenda, workAt: retryAt })
    }
  }

  return {
    list() {
      const [record, agenda] = [table.record(), table.agenda()]
      return record && agenda ? [{ id: agenda.id, ...factsIn(record) }] : []
    },
    read() {
      const record = table.record()
      return { ...(record && { record }), asOf: Date.now() }
    },
    write,
    async alarm() {
      const [agenda, now] = [table.agenda(), Date.now()]
      if (!agenda) return
      const { sequence, tellAt, workAt } = agenda
      const [tells, works] = [tellAt !== null && tellAt <= now, workAt !== null && workAt <= now]
      // The next time is set first: an object that dies of this work, again and again, is not given
      // up by the runtime.
      await plan({
        ...agenda,
        tellAt: tells ? tellNext(sequence, now) : tellAt,
        workAt: works ? workNext(sequence, now) : workAt,
      })
      await Promise.allSettled([tells && tell(), works && work()])
    },
  }
}

const factsIn = ({ revision: _revision, envelope: _sealed, ...facts }: SealedRecord): Facts => facts

/** Waits for work that may fail or take longer; it goes on then. */
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
