import type { SealedRecord } from '@zrecruit/oauth-core'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { changeId, changeWrite } from './seams.ts'
import type { Defect } from './realistic.ts'

/** Realistic defects in how a store compares and keeps records. */
export const defectsOfWrites: readonly Defect[] = [
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
]
