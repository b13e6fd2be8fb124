import type { ConnectionStore, ConnectionSummary, SealedRecord } from '@zrecruit/oauth-core'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { changeList, changeId, changeTime, changeWrite, type Breakage } from './seams.ts'

/** Realistic defects of stores, and the cases that detect them. */
export const realistic: readonly {
  readonly name: string
  readonly breakage: Breakage
  readonly fails: readonly string[]
}[] = [
  {
    name: 'the last writer wins: SET without a condition',
    breakage: changeWrite(
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
    name: 'reads before it writes: SELECT, then UPDATE … WHERE id',
    breakage: changeWrite(
      () =>
        ({ before, expected, force, context }) =>
          nextTurn().then(async () =>
            (before?.revision ?? 'absent') === expected
              ? force()
              : { written: false, asOf: (await context.base.read('')).asOf },
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
    name: 'a counter replaces the revision of the writer',
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
    name: 'case-insensitive ids: COLLATE NOCASE, citext',
    breakage: changeId((id) => id.toLowerCase()),
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
    name: 'Unicode normalization: String.prototype.normalize',
    breakage: changeId((id) => id.normalize('NFC')),
    fails: ['ids-unicode-forms'],
  },
  {
    name: 'columns of 255 bytes: VARCHAR(255)',
    breakage: changeId((id) => Buffer.from(id).subarray(0, 255).toString()),
    fails: ['ids-255'],
  },
  {
    name: 'null for omitted members: SELECT *',
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
