import type { ConnectionStore, ConnectionSummary, SealedRecord } from '@zrecruit/oauth-core'
import { changeList, changeTime } from './seams.ts'
import type { Defect } from './realistic.ts'

/** Realistic defects in caches, listings, clocks and errors. */
export const defectsOfReads: readonly Defect[] = [
  {
    name: 'each process caches its reads',
    breakage:
      () =>
      (handle): ConnectionStore => {
        const cache = new Map<string, SealedRecord>()
        return {
          ...handle,
          async read(id) {
            const { record, asOf } = await handle.read(id)
            const known = cache.get(id) ?? record
            if (known) cache.set(id, known)
            return { asOf, ...(known && { record: known }) }
          },
          async write(id, next, expected) {
            const response = await handle.write(id, next, expected)
            if (response.written) cache.delete(id)
            return response
          },
        }
      },
    fails: [
      'process-counting',
      'process-of-before',
      'process-reads-whole',
      'process-killed-writing',
    ],
  },
  {
    name: 'an index with a delay: a secondary index of DynamoDB, a replica',
    breakage: () => {
      const before = new Map<string, readonly ConnectionSummary[]>()
      return changeList(async (rows, query, { base }) => {
        const key = JSON.stringify(query)
        const then = before.get(key) ?? []
        before.set(key, await base.list(query))
        return then.length === 0 && rows.length === 0 ? rows : then
      })()
    },
    fails: [
      'bare-record',
      'ids-letter-case',
      'ids-unicode-forms',
      'ids-blanks',
      'ids-like-numbers',
      'ids-like-code',
      'ids-255',
      'ids-of-the-client',
      'removed-leaves-others',
      'each-its-own-answer',
      'process-sees',
      'process-killed-frees',
      'list-facts',
      'list-order',
      'list-order-utf8',
      'list-after',
      'list-limit',
      'list-by-owner',
      'list-unfinished',
      'list-by-both',
      'list-follows-owner',
      'list-follows-unfinished',
      'list-after-refusal',
      'list-pages-of-many',
      'list-pages-while-removing',
      'list-pages-while-writing',
      'list-is-true',
      'clients-apart',
      'clients-pages',
    ],
  },
  {
    name: 'the clock of the process: Date.now()',
    breakage: changeTime((asOf, { aheadMs }) => asOf + aheadMs()),
    fails: ['clock-not-the-hosts'],
  },
  {
    name: 'the time in seconds: EXTRACT(EPOCH FROM now())',
    breakage: changeTime((asOf) => Math.floor(asOf / 1_000)),
    fails: ['clock-always-told', 'clock-speed'],
  },
  {
    name: 'a listing by OFFSET',
    breakage: changeList(async (_rows, { after, limit, ...filters }, { base }) => {
      const all = await base.list({ ...filters, limit: 1000 })
      const seen =
        after === undefined
          ? 0
          : Math.ceil(
              all.filter(({ id }) => Buffer.compare(Buffer.from(id), Buffer.from(after)) <= 0)
                .length / limit,
            ) * limit
      return all.slice(seen, seen + limit)
    }),
    fails: [
      'ids-of-the-client',
      'list-order-utf8',
      'list-after',
      'list-unfinished',
      'list-by-both',
      'list-pages-of-many',
      'list-pages-while-removing',
      'list-pages-while-writing',
      'clients-apart',
      'clients-pages',
    ],
  },
  {
    name: 'errors become empty results: catch (() => undefined)',
    breakage: () => (handle) => ({
      ...handle,
      read: (id) => handle.read(id).catch(() => ({ asOf: Date.now() })),
      list: (query) => handle.list(query).catch(() => []),
    }),
    fails: ['list-limit-bounds', 'stopped-rejects'],
  },
  {
    name: 'unchanged errors of the driver',
    breakage:
      () =>
      (handle, { isStopped }) => ({
        ...handle,
        read: (id) =>
          isStopped()
            ? Promise.reject(
                Object.assign(
                  new Error(`connect ECONNREFUSED redis://:password@127.0.0.1, SELECT '${id}'`),
                  { code: 'ECONNREFUSED' },
                ),
              )
            : handle.read(id),
      }),
    fails: ['stopped-rejects', 'errors-quote-nothing'],
  },
]
