import { RecruitOAuthError, type SealedRecord } from '@zrecruit/oauth-core'
import { lies, reading, telling, writing, type Breakage } from './seams.ts'

// For each case one thing that is wrong with several processes, with the clock, or once the store
// is stopped.

const isLong = (record: SealedRecord | undefined) =>
  record !== undefined && record.envelope.length > 10_000

export const fromSeveralProcesses: Readonly<Record<string, Breakage>> = {
  'process-sees': () => {
    const seen = new Map<string, SealedRecord>()
    return reading((record, id, { process }) => {
      if (process === 0) return record
      if (record) seen.set(id, record)
      return record ?? seen.get(id)
    })()
  },
  'process-first-writers': writing(
    () =>
      ({ expected, next, place, before, underWay, force }) =>
        place.process > 0 && expected === 'absent' && next && (before || underWay().all > 1)
          ? force()
          : undefined,
  ),
  'process-counting': () => {
    const read = new Map<string, string>()
    const remembers = reading((record, id, { process }) => {
      read.set(`${process} ${id}`, record?.revision ?? '')
      return record
    })()
    const believes = writing(
      () =>
        ({ id, expected, place, force }) =>
          id === 'counter' && place.process > 0 && read.get(`${place.process} ${id}`) === expected
            ? force()
            : undefined,
    )()
    return (handle, place) => believes(remembers(handle, place), place)
  },
  'process-replaced-or-removed': writing(
    () =>
      ({ id, next, place, done }) =>
        next && place.process > 0
          ? done().then(async (answer) => ({
              ...answer,
              written: answer.written || !(await place.whole.read(id)).record,
            }))
          : undefined,
  ),
  'process-of-before': writing(() => {
    const passed = new Set<string>()
    return ({ id, next, before, expected, place, force }) => {
      if (before && before.revision === expected && !next) passed.add(`${id} ${expected}`)
      return place.process > 0 && before && passed.has(`${id} ${expected}`) ? force() : undefined
    }
  }),
  'process-reads-whole': () => {
    const underWay = new Map<string, SealedRecord>()
    const remembers = writing(() => ({ id, next, done, place }) => {
      if (!next || !isLong(next) || place.process === 0) return undefined
      underWay.set(id, next)
      return done().finally(() => underWay.delete(id))
    })()
    const mixes = reading(
      (record, id) =>
        record && { ...record, revision: underWay.get(id)?.revision ?? record.revision },
    )()
    return (handle, place) => mixes(remembers(handle, place), place)
  },
}

export const killed: Readonly<Record<string, Breakage>> = {
  'process-killed-writing': writing(
    () =>
      ({ next, before, place, done, force }) =>
        next && before && isLong(next) && isLong(before) && place.process > 0
          ? done().catch(async (error: unknown) => {
              await force({ ...next, envelope: before.envelope })
              throw error
            })
          : undefined,
  ),
  'process-killed-frees': writing(() => {
    const locked = new Set<string>()
    return (write) => {
      const { id, next, place, done } = write
      if (locked.has(id) && place.process === 0)
        return lies(write).then((answer) => ({ ...answer, written: false }))
      if (!isLong(next) || place.process === 0) return undefined
      locked.add(id)
      return done().then((answer) => {
        locked.delete(id)
        return answer
      })
    }
  }),
}

export const clock: Readonly<Record<string, Breakage>> = {
  'clock-always-told': telling((asOf, _place, of, answer) =>
    of === 'write' &&
    'next' in answer &&
    !answer.next &&
    'written' in answer &&
    answer.written &&
    'expected' in answer &&
    answer.expected === 'next'
      ? Math.floor(asOf / 1_000)
      : asOf,
  ),
  'clock-forward': telling((asOf, _place, of) => (of === 'read' ? asOf - 200 : asOf)),
  'clock-speed': () => {
    let first = 0
    return telling((asOf) => (first ||= asOf))()
  },
  'clock-shared': telling((asOf, { process }) => (process > 0 ? asOf - 5_000 : asOf)),
  'clock-not-the-hosts': telling((asOf, { aheadMs }) => asOf + aheadMs()),
}

export const stopped: Readonly<Record<string, Breakage>> = {
  'stopped-rejects':
    () =>
    (handle, { stopped: isStopped }) => ({
      ...handle,
      read: async (id) => (isStopped() ? { asOf: Date.now() } : handle.read(id)),
    }),
  'errors-quote-nothing':
    () =>
    (handle, { stopped: isStopped }) => ({
      ...handle,
      async write(id, next, expected) {
        if (isStopped())
          throw new RecruitOAuthError('store-unavailable', {
            summary: `The statement INSERT INTO connections VALUES (${JSON.stringify(next)}) failed.`,
          })
        return handle.write(id, next, expected)
      },
    }),
}
