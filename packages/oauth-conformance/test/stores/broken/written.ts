import { pretendWritten, changeList, changeWrite, type Breakage, type Write } from './seams.ts'

// For each case one defect of writes that only that case detects.

const refuse = async ({ context }: Write) => ({
  written: false,
  asOf: (await context.base.read('')).asOf,
})

/** The former revisions by id: one set for each time that the record was created. */
const createHistory = () => {
  const revisionSets = new Map<string, Set<string>[]>()
  return {
    get: (id: string) => revisionSets.get(id) ?? [],
    record({ id, before, next }: Write) {
      const known = revisionSets.get(id) ?? [new Set()]
      if (before) known.at(-1)?.add(before.revision)
      if (before && !next) known.push(new Set())
      revisionSets.set(id, known)
    },
  }
}

/** Like `changeWrite`, with the former revisions, which are recorded after each write. */
const changeWriteWithHistory = (
  breaks: (
    write: Write,
    past: readonly Set<string>[],
  ) => Promise<{ written: boolean; asOf: number }> | undefined,
): Breakage =>
  changeWrite(() => {
    const { get, record } = createHistory()
    return (write) => {
      const broken = breaks(write, get(write.id))
      if (broken) return broken
      return write.writeCorrectly().then((response) => {
        if (response.written) record(write)
        return response
      })
    }
  })

export const compareAndSet: Readonly<Record<string, Breakage>> = {
  'absent-keeps': changeWrite(() => (write) => {
    const { id, next, expected, before, concurrentWrites, force } = write
    return id === 'acme' &&
      expected === 'absent' &&
      before &&
      next &&
      next.principal === undefined &&
      next.revision !== before.revision &&
      concurrentWrites().all === 1
      ? force()
      : undefined
  }),
  'revision-replaces': changeWrite(
    () =>
      ({ next, before, expected, force }) =>
        next && before?.dataCenter !== undefined && before.revision === expected
          ? force({ dataCenter: before.dataCenter, ...next })
          : undefined,
  ),
  'passed-revision': changeWriteWithHistory(({ id, next, expected, force }, past) =>
    id === 'acme' && !next && past.at(-1)?.has(expected) ? force() : undefined,
  ),
  'revision-where-nothing': changeWrite(
    () =>
      ({ id, next, expected, before, force }) =>
        id === 'acme' && next && expected !== 'absent' && !before ? force() : undefined,
  ),
  'revision-of-another': changeWrite(() => {
    const known = new Map<string, string>()
    return ({ id, next, expected, before, force }) => {
      const other = known.get(expected)
      if (next) known.set(next.revision, id)
      return before && other !== undefined && other !== id ? force() : undefined
    }
  }),
  'revision-octets': changeWrite(
    () =>
      ({ before, expected, force }) =>
        before && before.revision !== expected && before.revision.toLowerCase() === expected
          ? force()
          : undefined,
  ),
}

export const removal: Readonly<Record<string, Breakage>> = {
  'removed-once': changeWriteWithHistory((write, past) =>
    write.id === 'acme' &&
    !write.next &&
    !write.before &&
    past.some((revisions) => revisions.has(write.expected))
      ? pretendWritten(write)
      : undefined,
  ),
  'removed-is-gone': () => {
    const gone = new Set<string>()
    return (handle) => ({
      ...handle,
      async write(id, next, expected) {
        const response = await handle.write(id, next, expected)
        if (id === 'acme' && !next && response.written && expected !== 'absent') gone.add(id)
        if (next && response.written) gone.delete(id)
        return response
      },
      async list(query) {
        const rows = await handle.list(query)
        return query.pending && gone.size > 0
          ? [...rows, { id: 'acme', status: 'active', pending: true }]
          : rows
      },
    })
  },
  'removed-leaves-others': changeWrite(
    () =>
      ({ id, next, before, expected, context, writeCorrectly }) => {
        if (next || before?.revision !== expected) return undefined
        const alike = `${id} 2`
        return writeCorrectly().then(async (response) => {
          const { record } = await context.base.read(alike)
          if (id === 'acme' && record) await context.base.write(alike, undefined, record.revision)
          return response
        })
      },
  ),
  'absent-removal': changeWrite(
    () => (write) =>
      !write.next && write.expected === 'absent' && write.before
        ? pretendWritten(write)
        : undefined,
  ),
  'made-again': changeWriteWithHistory(({ next, expected, context, before, force }, past) =>
    context.process === 0 &&
    next &&
    before &&
    past.slice(0, -1).some((revisions) => revisions.has(expected))
      ? force()
      : undefined,
  ),
  'made-again-often': changeWrite(() => {
    let creations = 0
    return (write) =>
      write.id === 'acme' && write.next && !write.before && ++creations > 9
        ? refuse(write)
        : undefined
  }),
}

/** Reports a refused write as successful. */
const reportWritten = async (write: Write) => ({ ...(await write.writeCorrectly()), written: true })

export const concurrency: Readonly<Record<string, Breakage>> = {
  'first-of-fifty': changeWrite(
    () => (write) => (write.concurrentWrites().here > 40 ? reportWritten(write) : undefined),
  ),
  'replaced-or-removed': changeWrite(
    () => (write) =>
      write.id.startsWith('acme ') && !write.next && write.concurrentWrites().here === 2
        ? reportWritten(write)
        : undefined,
  ),
  'ten-count': changeWrite(
    () => (write) =>
      write.id === 'counter' && write.concurrentWrites().here > 5
        ? reportWritten(write)
        : undefined,
  ),
  'each-its-own-answer': () => {
    let [concurrentReads, previousResponse] = [0, {}]
    return (handle) => ({
      ...handle,
      async read(id) {
        concurrentReads++
        const response = await handle.read(id)
        const mixed = concurrentReads > 45 ? (previousResponse as typeof response) : response
        previousResponse = response
        concurrentReads--
        return mixed
      },
    })
  },
}

export const lostAcknowledgements: Readonly<Record<string, Breakage>> = {
  'lost-first-write': changeWrite(
    () => (write) =>
      write.expected === 'absent' && write.next && write.before?.revision === write.next.revision
        ? pretendWritten(write)
        : undefined,
  ),
  'lost-replacement': changeWrite(() => {
    const own = new Set<string>()
    return (write) => {
      const again = own.has(write.next?.revision ?? '')
      if (write.next && write.context.process === 0) own.add(write.next.revision)
      return again &&
        write.expected !== 'absent' &&
        write.before?.revision === write.next?.revision &&
        write.concurrentWrites().all === 1
        ? pretendWritten(write)
        : undefined
    }
  }),
  'lost-removal': changeWrite(() => {
    const removed = new Set<string>()
    return ({ id, next, before, expected, context, force }) => {
      const key = `${id} ${expected}`
      if (context.process !== 0 || expected === 'absent') return undefined
      if (next) removed.delete(key)
      else if (before && removed.has(key)) return force()
      else removed.add(key)
      return undefined
    }
  }),
  'lost-and-overtaken': changeWrite(
    () =>
      ({ next, writeCorrectly, force }) =>
        next?.principal === 'late'
          ? writeCorrectly().then((response) => (response.written ? response : force()))
          : undefined,
  ),
  'lost-by-death': changeWrite(
    () =>
      ({ id, next, context, writeCorrectly, force }) =>
        id === 'acme' && next && next.envelope.length < 100
          ? writeCorrectly().catch(async (error: unknown) => {
              if (context.process > 0)
                await force({ ...next, revision: `${next.revision}, renamed` })
              throw error
            })
          : undefined,
  ),
}

export const listingsOfWrites: Readonly<Record<string, Breakage>> = {
  'list-after-refusal': () => {
    const seen = new Set<string>()
    const breaks = changeWrite(() => ({ id, next, before, expected }) => {
      if (next?.status === 'revoking' && (before?.revision ?? 'absent') !== expected) seen.add(id)
      return undefined
    })()
    const shows = changeList((rows, { pending }) =>
      pending
        ? [...rows, ...[...seen].map((id) => ({ id, status: 'revoking' as const, pending: true }))]
        : rows,
    )()
    return (handle, context) => shows(breaks(handle, context), context)
  },
}
