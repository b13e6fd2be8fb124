import type { ConnectionStore, ConnectionSummary, SealedRecord } from '@zrecruit/oauth-core'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { listing, naming, telling, writing, type Breakage } from './seams.ts'

/** Stores broken as stores are, and the cases that see it. */
export const realistic: readonly {
  readonly name: string
  readonly breakage: Breakage
  readonly fails: readonly string[]
}[] = [
  {
    name: 'the last writer wins: SET, without a condition',
    breakage: writing(
      () =>
        ({ force }) =>
          force(),
    ),
    fails: [
      'absent-keeps',
      'passed-revision',
      'revision-where-nothing',
      'revision-of-another',
      'revision-octets',
      'removed-once',
      'absent-removal',
      'made-again',
      'ten-count',
      'process-counting',
      'process-replaced-or-removed',
      'process-of-before',
      'lost-first-write',
      'lost-replacement',
      'lost-removal',
      'lost-by-death',
      'list-after-refusal',
    ],
  },
  {
    name: 'looks first and writes then: SELECT, and UPDATE … WHERE id',
    breakage: writing(
      () =>
        ({ before, expected, force, place }) =>
          nextTurn().then(async () =>
            (before?.revision ?? 'absent') === expected
              ? force()
              : { written: false, asOf: (await place.whole.read('')).asOf },
          ),
    ),
    fails: [
      'first-of-fifty',
      'replaced-or-removed',
      'ten-count',
      'process-first-writers',
      'process-counting',
      'process-replaced-or-removed',
      'lost-first-write',
    ],
  },
  {
    name: 'a counter in place of the revision that the writer chose',
    breakage: () => {
      let count = 0
      return (handle) => ({
        ...handle,
        write: (id, next, expected) =>
          handle.write(id, next && { ...next, revision: String(++count) }, expected),
      })
    },
    fails: [
      'comes-back',
      'facts-octets',
      'envelope-octets',
      'envelope-empty',
      'given-changed-later',
      'given-changed-meanwhile',
      'read-changed-later',
      'ids-letter-case',
      'ids-unicode-forms',
      'ids-blanks',
      'ids-like-numbers',
      'ids-like-code',
      'ids-255',
      'ids-of-the-client',
      'absent-keeps',
      'revision-replaces',
      'passed-revision',
      'revision-of-another',
      'removed-once',
      'removed-is-gone',
      'removed-leaves-others',
      'absent-removal',
      'made-again',
      'made-again-often',
      'first-of-fifty',
      'replaced-or-removed',
      'each-its-own-answer',
      'process-sees',
      'process-first-writers',
      'process-replaced-or-removed',
      'process-of-before',
      'process-reads-whole',
      'process-killed-writing',
      'lost-first-write',
      'lost-replacement',
      'lost-removal',
      'lost-and-overtaken',
      'lost-by-death',
      'list-follows-owner',
      'list-follows-unfinished',
      'list-pages-while-writing',
      'clients-apart',
      'clients-pages',
    ],
  },
  {
    name: 'ids in a collation that does not see letter case: COLLATE NOCASE, citext',
    breakage: naming((id) => id.toLowerCase()),
    fails: [
      'ids-letter-case',
      'ids-unicode-forms',
      'ids-like-numbers',
      'ids-like-code',
      'ids-255',
      'ids-of-the-client',
      'list-order',
      'clients-apart',
      'clients-pages',
    ],
  },
  {
    name: 'text is brought to one Unicode form on its way: String.prototype.normalize',
    breakage: naming((id) => id.normalize('NFC')),
    fails: ['ids-unicode-forms'],
  },
  {
    name: 'columns of 255 octets: VARCHAR(255)',
    breakage: naming((id) => Buffer.from(id).subarray(0, 255).toString()),
    fails: ['ids-255'],
  },
  {
    name: 'null for what was not given: SELECT *',
    breakage: () => (handle) => ({
      ...handle,
      async read(id) {
        const { record, asOf } = await handle.read(id)
        return {
          asOf,
          ...(record && {
            record: {
              ...record,
              principal: record.principal ?? null,
              dataCenter: record.dataCenter ?? null,
            } as unknown as SealedRecord,
          }),
        }
      },
    }),
    fails: [
      'bare-record',
      'envelope-octets',
      'envelope-empty',
      'given-changed-later',
      'given-changed-meanwhile',
      'read-changed-later',
      'ids-letter-case',
      'ids-unicode-forms',
      'ids-blanks',
      'ids-like-numbers',
      'ids-like-code',
      'ids-255',
      'ids-of-the-client',
      'absent-keeps',
      'revision-replaces',
      'passed-revision',
      'revision-of-another',
      'removed-leaves-others',
      'absent-removal',
      'made-again',
      'made-again-often',
      'first-of-fifty',
      'replaced-or-removed',
      'each-its-own-answer',
      'process-sees',
      'process-first-writers',
      'process-of-before',
      'process-reads-whole',
      'lost-first-write',
      'lost-removal',
      'lost-and-overtaken',
      'lost-by-death',
    ],
  },
  {
    name: 'each process keeps what it read: a cache',
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
            const answer = await handle.write(id, next, expected)
            if (answer.written) cache.delete(id)
            return answer
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
    name: 'an index that follows in its own time: a secondary index of DynamoDB, a replica',
    breakage: () => {
      const before = new Map<string, readonly ConnectionSummary[]>()
      return listing(async (rows, query, { whole }) => {
        const key = JSON.stringify(query)
        const then = before.get(key) ?? []
        before.set(key, await whole.list(query))
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
    breakage: telling((asOf, { aheadMs }) => asOf + aheadMs()),
    fails: ['clock-not-the-hosts'],
  },
  {
    name: 'the time in seconds: EXTRACT(EPOCH FROM now())',
    breakage: telling((asOf) => Math.floor(asOf / 1_000)),
    fails: ['clock-always-told', 'clock-speed'],
  },
  {
    name: 'a listing by OFFSET',
    breakage: listing(async (_rows, { after, limit, ...filters }, { whole }) => {
      const all = await whole.list({ ...filters, limit: 1000 })
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
    name: 'nothing found where nobody answers: catch (() => undefined)',
    breakage: () => (handle) => ({
      ...handle,
      read: (id) => handle.read(id).catch(() => ({ asOf: Date.now() })),
      list: (query) => handle.list(query).catch(() => []),
    }),
    fails: ['list-limit-bounds', 'stopped-rejects'],
  },
  {
    name: 'the errors of the driver as they are',
    breakage:
      () =>
      (handle, { stopped }) => ({
        ...handle,
        read: (id) =>
          stopped()
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
