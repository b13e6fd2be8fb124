import { RecruitOAuthError, type SealedRecord } from '@zrecruit/oauth-core'
import { pretendWritten, changeRead, changeTime, changeWrite, type Breakage } from './seams.ts'

// For each case one defect with several processes, the clock or a stopped store.

const isLong = (record: SealedRecord | undefined) =>
  record !== undefined && record.envelope.length > 10_000

export const fromSeveralProcesses: Readonly<Record<string, Breakage>> = {
  'process-sees': () => {
    const seen = new Map<string, SealedRecord>()
    return changeRead((record, id, { process }) => {
      if (process === 0) return record
      if (record) seen.set(id, record)
      return record ?? seen.get(id)
    })()
  },
  'process-first-writers': changeWrite(
    () =>
      ({ expected, next, context, before, concurrentWrites, force }) =>
        context.process > 0 &&
        expected === 'absent' &&
        next &&
        (before || concurrentWrites().all > 1)
          ? force()
          : undefined,
  ),
  'process-counting': () => {
    const read = new Map<string, string>()
    const remembers = changeRead((record, id, { process }) => {
      read.set(`${process} ${id}`, record?.revision ?? '')
      return record
    })()
    const believes = changeWrite(
      () =>
        ({ id, expected, context, force }) =>
          id === 'counter' &&
          context.process > 0 &&
          read.get(`${context.process} ${id}`) === expected
            ? force()
            : undefined,
    )()
    return (handle, context) => believes(remembers(handle, context), context)
  },
  'process-replaced-or-removed': changeWrite(
    () =>
      ({ id, next, context, writeCorrectly }) =>
        next && context.process > 0
          ? writeCorrectly().then(async (response) => ({
              ...response,
              written: response.written || !(await context.base.read(id)).record,
            }))
          : undefined,
  ),
  'process-of-before': changeWrite(() => {
    const passed = new Set<string>()
    return ({ id, next, before, expected, context, force }) => {
      if (before && before.revision === expected && !next) passed.add(`${id} ${expected}`)
      return context.process > 0 && before && passed.has(`${id} ${expected}`) ? force() : undefined
    }
  }),
  'process-reads-whole': () => {
    const concurrentWrites = new Map<string, SealedRecord>()
    const remembers = changeWrite(() => ({ id, next, writeCorrectly, context }) => {
      if (!next || !isLong(next) || context.process === 0) return undefined
      concurrentWrites.set(id, next)
      return writeCorrectly().finally(() => concurrentWrites.delete(id))
    })()
    const mixes = changeRead(
      (record, id) =>
        record && { ...record, revision: concurrentWrites.get(id)?.revision ?? record.revision },
    )()
    return (handle, context) => mixes(remembers(handle, context), context)
  },
}

export const killed: Readonly<Record<string, Breakage>> = {
  'process-killed-writing': changeWrite(
    () =>
      ({ next, before, context, writeCorrectly, force }) =>
        next && before && isLong(next) && isLong(before) && context.process > 0
          ? writeCorrectly().catch(async (error: unknown) => {
              await force({ ...next, envelope: before.envelope })
              throw error
            })
          : undefined,
  ),
  'process-killed-frees': changeWrite(() => {
    const locked = new Set<string>()
    return (write) => {
      const { id, next, context, writeCorrectly } = write
      if (locked.has(id) && context.process === 0)
        return pretendWritten(write).then((response) => ({ ...response, written: false }))
      if (!isLong(next) || context.process === 0) return undefined
      locked.add(id)
      return writeCorrectly().then((response) => {
        locked.delete(id)
        return response
      })
    }
  }),
}

export const clock: Readonly<Record<string, Breakage>> = {
  'clock-always-told': changeTime((asOf, _place, of, response) =>
    of === 'write' &&
    'next' in response &&
    !response.next &&
    'written' in response &&
    response.written &&
    'expected' in response &&
    response.expected === 'next'
      ? Math.floor(asOf / 1_000)
      : asOf,
  ),
  'clock-forward': changeTime((asOf, _place, of) => (of === 'read' ? asOf - 200 : asOf)),
  'clock-speed': () => {
    let first = 0
    return changeTime((asOf) => (first ||= asOf))()
  },
  'clock-shared': changeTime((asOf, { process }) => (process > 0 ? asOf - 5_000 : asOf)),
  'clock-not-the-hosts': changeTime((asOf, { aheadMs }) => asOf + aheadMs()),
}

export const stopped: Readonly<Record<string, Breakage>> = {
  'stopped-rejects':
    () =>
    (handle, { isStopped }) => ({
      ...handle,
      read: async (id) => (isStopped() ? { asOf: Date.now() } : handle.read(id)),
    }),
  'errors-quote-nothing':
    () =>
    (handle, { isStopped }) => ({
      ...handle,
      async write(id, next, expected) {
        const statement = `INSERT INTO connections VALUES (${JSON.stringify(next)})`
        if (isStopped())
          throw new RecruitOAuthError('store-unavailable', {
            summary: `The statement ${statement} failed.`,
          })
        return handle.write(id, next, expected)
      },
    }),
}
