import type { ConnectionSummary } from '@zrecruit/oauth-core'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { changeList, changeWrite, type Breakage, type HandleContext } from './seams.ts'

// For each case one defect of listings that only that case detects.

const all = ({ base }: HandleContext, query: object = {}) => base.list({ ...query, limit: 1000 })

export const listings: Readonly<Record<string, Breakage>> = {
  'list-facts': changeList((rows) =>
    rows.map((row) =>
      row.dataCenter === 'in' ? ({ ...row, envelope: 'envelope' } as ConnectionSummary) : row,
    ),
  ),
  'list-order': changeList((rows, { pending, limit }) =>
    pending && limit === 1000 ? [...rows].toReversed() : rows,
  ),
  'list-order-utf8': changeList(async (_rows, { after, limit, ...filters }, context) => {
    const byUnits = [...(await all(context, filters))].toSorted((a, b) => (a.id < b.id ? -1 : 1))
    return byUnits.filter(({ id }) => after === undefined || id > after).slice(0, limit)
  }),
  'list-after': changeList((rows, { after }) =>
    rows.filter(
      ({ id }) =>
        after === undefined ||
        Buffer.compare(Buffer.from(id.toLowerCase()), Buffer.from(after.toLowerCase())) > 0,
    ),
  ),
  'list-limit': changeList(async (rows, { principal, pending, ...page }, { base }) =>
    principal !== undefined && pending
      ? (await base.list({ principal, ...page })).filter((row) => row.pending)
      : rows,
  ),
  'list-limit-bounds': () => (handle) => ({
    ...handle,
    list: (query) => handle.list({ ...query, limit: query.limit > 1000 ? 1000 : query.limit }),
  }),
  'list-by-owner': changeList(async (rows, { principal }, context) =>
    principal === 'user'
      ? (await all(context)).filter((row) => row.principal?.startsWith('user '))
      : rows,
  ),
  'list-unfinished': changeList((rows, { principal, pending, after, limit }, { base }) =>
    pending && principal === undefined && after !== undefined && limit > 1
      ? base.list({ after, limit })
      : rows,
  ),
  'list-by-both': changeList((rows, { principal, pending, after, limit }, { base }) =>
    principal !== undefined && pending && after !== undefined
      ? base.list({ principal, after, limit })
      : rows,
  ),
  'list-follows-owner': () => {
    const former = new Map<string, ConnectionSummary>()
    const remembers = changeWrite(() => ({ id, next, before, expected }) => {
      if (
        id === 'acme' &&
        next &&
        next.principal === undefined &&
        before?.principal !== undefined &&
        before.revision === expected
      )
        former.set(before.principal, {
          id,
          status: before.status,
          pending: false,
          principal: before.principal,
        })
      return undefined
    })()
    const shows = changeList((rows, { principal = '' }) =>
      former.has(principal) ? [...rows, former.get(principal) as ConnectionSummary] : rows,
    )()
    return (handle, context) => shows(remembers(handle, context), context)
  },
  'list-follows-unfinished': () => {
    const first = new Map<string, ConnectionSummary['status']>()
    return changeList((rows) =>
      rows.map((row) => {
        first.set(row.id, first.get(row.id) ?? row.status)
        return { ...row, status: first.get(row.id) ?? row.status }
      }),
    )()
  },
}

export const pages: Readonly<Record<string, Breakage>> = {
  'list-pages-of-many': changeList(async (rows, _query, { base }) => {
    const visible: ConnectionSummary[] = []
    let bytes = 0
    for (const row of rows) {
      bytes += (await base.read(row.id)).record?.envelope.length ?? 0
      if (bytes <= 2 ** 20) visible.push(row)
    }
    return visible
  }),
  'list-pages-while-removing': () => {
    const gone = new Set<string>()
    const remembers = changeWrite(() => ({ id, next }) => {
      if (!next && /^c\d+$/.test(id)) gone.add(id)
      return undefined
    })()
    const ends = changeList((rows, { after = '' }) => (gone.has(after) ? [] : rows))()
    return (handle, context) => ends(remembers(handle, context), context)
  },
  'list-pages-while-writing': () => {
    const concurrentWrites = new Set<string>()
    const remembers = changeWrite(() => ({ id, next, before, writeCorrectly }) => {
      if (!next || !before) return undefined
      concurrentWrites.add(id)
      return (async () => {
        await nextTurn()
        return writeCorrectly()
      })().finally(() => concurrentWrites.delete(id))
    })()
    const lacks = changeList((rows) => rows.filter(({ id }) => !concurrentWrites.has(id)))()
    return (handle, context) => lacks(remembers(handle, context), context)
  },
  'list-is-true': () => {
    let writes = 0
    const counts = changeWrite(() => () => void writes++)()
    const lacks = changeList((rows, { principal, pending }) =>
      writes > 50 && principal !== undefined && pending ? rows.slice(1) : rows,
    )()
    return (handle, context) => lacks(counts(handle, context), context)
  },
}
