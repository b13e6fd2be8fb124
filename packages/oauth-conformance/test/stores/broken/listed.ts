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
  'list-order': listing((rows, { unfinished, limit }) =>
    unfinished && limit === 1000 ? [...rows].toReversed() : rows,
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
  'list-limit': listing(async (rows, { owner, unfinished, ...page }, { whole }) =>
    owner !== undefined && unfinished
      ? (await whole.list({ owner, ...page })).filter((row) => row.unfinished)
      : rows,
  ),
  'list-limit-bounds': () => (handle) => ({
    ...handle,
    list: (query) => handle.list({ ...query, limit: query.limit > 1000 ? 1000 : query.limit }),
  }),
  'list-by-owner': listing(async (rows, { owner }, place) =>
    owner === 'user' ? (await all(place)).filter((row) => row.owner?.startsWith('user ')) : rows,
  ),
  'list-unfinished': listing((rows, { owner, unfinished, after, limit }, { whole }) =>
    unfinished && owner === undefined && after !== undefined && limit > 1
      ? whole.list({ after, limit })
      : rows,
  ),
  'list-by-both': listing((rows, { owner, unfinished, after, limit }, { whole }) =>
    owner !== undefined && unfinished && after !== undefined
      ? whole.list({ owner, after, limit })
      : rows,
  ),
  'list-follows-owner': () => {
    const former = new Map<string, ConnectionSummary>()
    const remembers = writing(() => ({ id, next, before, expected }) => {
      if (
        id === 'acme' &&
        next &&
        next.owner === undefined &&
        before?.owner !== undefined &&
        before.revision === expected
      )
        former.set(before.owner, {
          id,
          status: before.status,
          unfinished: false,
          owner: before.owner,
        })
      return undefined
    })()
    const shows = listing((rows, { owner = '' }) =>
      former.has(owner) ? [...rows, former.get(owner) as ConnectionSummary] : rows,
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
    const lacks = listing((rows, { owner, unfinished }) =>
      writes > 50 && owner !== undefined && unfinished ? rows.slice(1) : rows,
    )()
    return (handle, place) => lacks(counts(handle, place), place)
  },
}
