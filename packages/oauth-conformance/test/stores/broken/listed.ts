import type { ConnectionSummary } from '@zrecruit/oauth-core'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { listing, writing, type Breakage, type Place } from './seams.ts'

// For each case one thing that is wrong with what is listed; seen by that case, and by no other.

const all = ({ whole }: Place, query: object = {}) => whole.list({ ...query, limit: 1000 })

export const listings: Readonly<Record<string, Breakage>> = {
  'list-facts': listing((rows) =>
    rows.map((row) =>
      row.dataCenter === 'in' ? ({ ...row, envelope: 'envelope' } as ConnectionSummary) : row,
    ),
  ),
  'list-order': listing((rows, { pending, limit }) =>
    pending && limit === 1000 ? [...rows].toReversed() : rows,
  ),
  'list-order-utf8': listing(async (_rows, { after, limit, ...filters }, place) => {
    const byUnits = [...(await all(place, filters))].toSorted((a, b) => (a.id < b.id ? -1 : 1))
    return byUnits.filter(({ id }) => after === undefined || id > after).slice(0, limit)
  }),
  'list-after': listing((rows, { after }) =>
    rows.filter(
      ({ id }) =>
        after === undefined ||
        Buffer.compare(Buffer.from(id.toLowerCase()), Buffer.from(after.toLowerCase())) > 0,
    ),
  ),
  'list-limit': listing(async (rows, { principal, pending, ...page }, { whole }) =>
    principal !== undefined && pending
      ? (await whole.list({ principal, ...page })).filter((row) => row.pending)
      : rows,
  ),
  'list-limit-bounds': () => (handle) => ({
    ...handle,
    list: (query) => handle.list({ ...query, limit: query.limit > 1000 ? 1000 : query.limit }),
  }),
  'list-by-owner': listing(async (rows, { principal }, place) =>
    principal === 'user'
      ? (await all(place)).filter((row) => row.principal?.startsWith('user '))
      : rows,
  ),
  'list-unfinished': listing((rows, { principal, pending, after, limit }, { whole }) =>
    pending && principal === undefined && after !== undefined && limit > 1
      ? whole.list({ after, limit })
      : rows,
  ),
  'list-by-both': listing((rows, { principal, pending, after, limit }, { whole }) =>
    principal !== undefined && pending && after !== undefined
      ? whole.list({ principal, after, limit })
      : rows,
  ),
  'list-follows-owner': () => {
    const former = new Map<string, ConnectionSummary>()
    const remembers = writing(() => ({ id, next, before, expected }) => {
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
    const shows = listing((rows, { principal = '' }) =>
      former.has(principal) ? [...rows, former.get(principal) as ConnectionSummary] : rows,
    )()
    return (handle, place) => shows(remembers(handle, place), place)
  },
  'list-follows-unfinished': () => {
    const first = new Map<string, ConnectionSummary['status']>()
    return listing((rows) =>
      rows.map((row) => {
        first.set(row.id, first.get(row.id) ?? row.status)
        return { ...row, status: first.get(row.id) ?? row.status }
      }),
    )()
  },
}

export const pages: Readonly<Record<string, Breakage>> = {
  'list-pages-of-many': listing(async (rows, _query, { whole }) => {
    const shown: ConnectionSummary[] = []
    let octets = 0
    for (const row of rows) {
      octets += (await whole.read(row.id)).record?.envelope.length ?? 0
      if (octets <= 2 ** 20) shown.push(row)
    }
    return shown
  }),
  'list-pages-while-removing': () => {
    const gone = new Set<string>()
    const remembers = writing(() => ({ id, next }) => {
      if (!next && /^c\d+$/.test(id)) gone.add(id)
      return undefined
    })()
    const ends = listing((rows, { after = '' }) => (gone.has(after) ? [] : rows))()
    return (handle, place) => ends(remembers(handle, place), place)
  },
  'list-pages-while-writing': () => {
    const underWay = new Set<string>()
    const remembers = writing(() => ({ id, next, before, done }) => {
      if (!next || !before) return undefined
      underWay.add(id)
      return (async () => {
        await nextTurn()
        return done()
      })().finally(() => underWay.delete(id))
    })()
    const lacks = listing((rows) => rows.filter(({ id }) => !underWay.has(id)))()
    return (handle, place) => lacks(remembers(handle, place), place)
  },
  'list-is-true': () => {
    let writes = 0
    const counts = writing(() => () => void writes++)()
    const lacks = listing((rows, { principal, pending }) =>
      writes > 50 && principal !== undefined && pending ? rows.slice(1) : rows,
    )()
    return (handle, place) => lacks(counts(handle, place), place)
  },
}
