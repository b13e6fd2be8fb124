import { lies, listing, writing, type Breakage, type Write } from './seams.ts'

// For each case one thing that is wrong with what is written; seen by that case, and by no other.

const refuses = async ({ place }: Write) => ({
  written: false,
  asOf: (await place.whole.read('')).asOf,
})

/**
 * What each record was before, by id: the revisions of the life it is in, and of the lives that
 * ended.
 */
const history = () => {
  const lives = new Map<string, Set<string>[]>()
  return {
    of: (id: string) => lives.get(id) ?? [],
    note({ id, before, next }: Write) {
      const known = lives.get(id) ?? [new Set()]
      if (before) known.at(-1)?.add(before.revision)
      if (before && !next) known.push(new Set())
      lives.set(id, known)
    },
  }
}

/** As `writing`, with what came before. It is noted once a write is done. */
const remembering = (
  breaks: (
    write: Write,
    past: readonly Set<string>[],
  ) => Promise<{ written: boolean; asOf: number }> | undefined,
): Breakage =>
  writing(() => {
    const { of, note } = history()
    return (write) => {
      const broken = breaks(write, of(write.id))
      if (broken) return broken
      return write.done().then((answer) => {
        if (answer.written) note(write)
        return answer
      })
    }
  })

export const compareAndSet: Readonly<Record<string, Breakage>> = {
  'absent-keeps': writing(() => (write) => {
    const { id, next, expected, before, underWay, force } = write
    return id === 'acme' &&
      expected === 'absent' &&
      before &&
      next &&
      next.principal === undefined &&
      next.revision !== before.revision &&
      underWay().all === 1
      ? force()
      : undefined
  }),
  'revision-replaces': writing(
    () =>
      ({ next, before, expected, force }) =>
        next && before?.dataCenter !== undefined && before.revision === expected
          ? force({ dataCenter: before.dataCenter, ...next })
          : undefined,
  ),
  'passed-revision': remembering(({ id, next, expected, force }, past) =>
    id === 'acme' && !next && past.at(-1)?.has(expected) ? force() : undefined,
  ),
  'revision-where-nothing': writing(
    () =>
      ({ id, next, expected, before, force }) =>
        id === 'acme' && next && expected !== 'absent' && !before ? force() : undefined,
  ),
  'revision-of-another': writing(() => {
    const known = new Map<string, string>()
    return ({ id, next, expected, before, force }) => {
      const other = known.get(expected)
      if (next) known.set(next.revision, id)
      return before && other !== undefined && other !== id ? force() : undefined
    }
  }),
  'revision-octets': writing(
    () =>
      ({ before, expected, force }) =>
        before && before.revision !== expected && before.revision.toLowerCase() === expected
          ? force()
          : undefined,
  ),
}

export const removal: Readonly<Record<string, Breakage>> = {
  'removed-once': remembering((write, past) =>
    write.id === 'acme' &&
    !write.next &&
    !write.before &&
    past.some((life) => life.has(write.expected))
      ? lies(write)
      : undefined,
  ),
  'removed-is-gone': () => {
    const gone = new Set<string>()
    return (handle) => ({
      ...handle,
      async write(id, next, expected) {
        const answer = await handle.write(id, next, expected)
        if (id === 'acme' && !next && answer.written && expected !== 'absent') gone.add(id)
        if (next && answer.written) gone.delete(id)
        return answer
      },
      async list(query) {
        const rows = await handle.list(query)
        return query.pending && gone.size > 0
          ? [...rows, { id: 'acme', status: 'active', pending: true }]
          : rows
      },
    })
  },
  'removed-leaves-others': writing(() => ({ id, next, before, expected, place, done }) => {
    if (next || before?.revision !== expected) return undefined
    const alike = `${id} 2`
    return done().then(async (answer) => {
      const { record } = await place.whole.read(alike)
      if (id === 'acme' && record) await place.whole.write(alike, undefined, record.revision)
      return answer
    })
  }),
  'absent-removal': writing(
    () => (write) =>
      !write.next && write.expected === 'absent' && write.before ? lies(write) : undefined,
  ),
  'made-again': remembering(({ next, expected, place, before, force }, past) =>
    place.process === 0 && next && before && past.slice(0, -1).some((life) => life.has(expected))
      ? force()
      : undefined,
  ),
  'made-again-often': writing(() => {
    let lives = 0
    return (write) =>
      write.id === 'acme' && write.next && !write.before && ++lives > 9 ? refuses(write) : undefined
  }),
}

/** A write that was refused is told done, and is not. */
const toldDone = async (write: Write) => ({ ...(await write.done()), written: true })

export const atOnce: Readonly<Record<string, Breakage>> = {
  'first-of-fifty': writing(
    () => (write) => (write.underWay().here > 40 ? toldDone(write) : undefined),
  ),
  'replaced-or-removed': writing(
    () => (write) =>
      write.id.startsWith('acme ') && !write.next && write.underWay().here === 2
        ? toldDone(write)
        : undefined,
  ),
  'ten-count': writing(
    () => (write) =>
      write.id === 'counter' && write.underWay().here > 5 ? toldDone(write) : undefined,
  ),
  'each-its-own-answer': () => {
    let [under, before] = [0, {}]
    return (handle) => ({
      ...handle,
      async read(id) {
        under++
        const answer = await handle.read(id)
        const mixed = under > 45 ? (before as typeof answer) : answer
        before = answer
        under--
        return mixed
      },
    })
  },
}

export const lost: Readonly<Record<string, Breakage>> = {
  'lost-first-write': writing(
    () => (write) =>
      write.expected === 'absent' && write.next && write.before?.revision === write.next.revision
        ? lies(write)
        : undefined,
  ),
  'lost-replacement': writing(() => {
    const own = new Set<string>()
    return (write) => {
      const again = own.has(write.next?.revision ?? '')
      if (write.next && write.place.process === 0) own.add(write.next.revision)
      return again &&
        write.expected !== 'absent' &&
        write.before?.revision === write.next?.revision &&
        write.underWay().all === 1
        ? lies(write)
        : undefined
    }
  }),
  'lost-removal': writing(() => {
    const removed = new Set<string>()
    return ({ id, next, before, expected, place, force }) => {
      const told = `${id} ${expected}`
      if (place.process !== 0 || expected === 'absent') return undefined
      if (next) removed.delete(told)
      else if (before && removed.has(told)) return force()
      else removed.add(told)
      return undefined
    }
  }),
  'lost-and-overtaken': writing(
    () =>
      ({ next, done, force }) =>
        next?.principal === 'late'
          ? done().then((answer) => (answer.written ? answer : force()))
          : undefined,
  ),
  'lost-by-death': writing(
    () =>
      ({ id, next, place, done, force }) =>
        id === 'acme' && next && next.envelope.length < 100
          ? done().catch(async (error: unknown) => {
              if (place.process > 0) await force({ ...next, revision: `${next.revision}, renamed` })
              throw error
            })
          : undefined,
  ),
}

export const listingsOfWrites: Readonly<Record<string, Breakage>> = {
  'list-after-refusal': () => {
    const seen = new Set<string>()
    const breaks = writing(() => ({ id, next, before, expected }) => {
      if (next?.status === 'revoking' && (before?.revision ?? 'absent') !== expected) seen.add(id)
      return undefined
    })()
    const shows = listing((rows, { pending }) =>
      pending
        ? [...rows, ...[...seen].map((id) => ({ id, status: 'revoking' as const, pending: true }))]
        : rows,
    )()
    return (handle, place) => shows(breaks(handle, place), place)
  },
}
