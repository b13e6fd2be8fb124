import { equal } from '../../cases/expect.ts'
import { storeCasesOf, type StoreTestContext } from '../case.ts'
import { sortByBytes, expectListed, put, remove, expectStored } from './record.ts'

/** Expects that all these ids are distinct, as ids and as principals. */
const expectDistinct = async (
  { store }: StoreTestContext,
  ids: readonly string[],
): Promise<void> => {
  equal(new Set(ids).size, ids.length, 'distinct ids of the case')
  const records = await Promise.all(
    ids.map((id) => put(store, id, { principal: id, envelope: `of ${id}` })),
  )
  await Promise.all(
    ids.flatMap((id, n) => [
      expectStored(store, id, records[n]),
      expectListed(store, { principal: id, limit: 10 }, [id]),
    ]),
  )
  await expectListed(store, { limit: 1000 }, sortByBytes(ids))
  await Promise.all(
    ids.flatMap((id, n) => (n % 2 === 0 ? [remove(store, id, records[n] as never)] : [])),
  )
  await expectListed(store, { limit: 1000 }, sortByBytes(ids.filter((_, n) => n % 2 === 1)))
}

/** A prefix as core adds it to every id and principal. Each client has its own. */
const prefix = 'aA-_9aA-_9aA-_9A:'

/**
 * Ids that a store could confuse or refuse. The id of a connection is the prefix of the client and
 * 1 to 255 characters without control characters. Core also stores rows of the client itself.
 */
export const names = storeCasesOf({
  'ids-letter-case': [
    'ids that differ in letter case are different connections',
    'One customer must not get another’s connection.',
    (context) =>
      expectDistinct(context, [
        'acme',
        'Acme',
        'ACME',
        'ß',
        'ẞ',
        'ss',
        'SS',
        'İ',
        'i',
        'I',
        'ı',
        'σ',
        'ς',
        'Σ',
        'é',
        'É',
      ]),
  ],
  'ids-unicode-forms': [
    'ids that differ in Unicode normalization are different connections',
    'One customer must not get another’s connection.',
    (context) =>
      expectDistinct(context, [
        'caf\u00e9',
        'cafe\u0301',
        'cafe',
        '\u212b',
        '\u00c5',
        'A\u030a',
        'A',
        'Ⅳ',
        'IV',
        'ﬁ',
        'fi',
        'ｆi',
        '\uac00',
        '\u1100\u1161',
        '①',
        '1',
        'क\u093c',
        '\u0958',
      ]),
  ],
  'ids-blanks': [
    'ids that differ in spaces or invisible characters are different connections',
    'One customer must not get another’s connection.',
    (context) =>
      expectDistinct(context, [
        'acme',
        'acme ',
        ' acme',
        'acme  ',
        'ac me',
        'acme\u00a0',
        'acme\u200b',
        '\ufeffacme',
        'acme\ufe0f',
        'acme\u202e',
        'acme\u0085',
        ' ',
        '\u00a0',
        '\u2028',
        '\ufeff',
        '.',
        'acme.',
      ]),
  ],
  'ids-like-numbers': [
    'ids that look like numbers or keywords are text',
    'One customer must not get another’s connection.',
    (context) =>
      expectDistinct(context, [
        '1',
        '01',
        '1.0',
        '1e0',
        '+1',
        '0',
        '-0',
        '9007199254740992',
        '9007199254740993',
        'true',
        'false',
        'null',
        'undefined',
        'NaN',
        'absent',
        'Infinity',
      ]),
  ],
  'ids-like-code': [
    'ids that look like SQL, patterns, paths or object members are text',
    'Users of an app can choose ids, so they must not be interpreted.',
    (context) =>
      expectDistinct(context, [
        "'",
        "''",
        "'; DROP TABLE zrecruit_connections; --",
        '"',
        '`',
        '%',
        '%%',
        '_',
        '*',
        '?',
        '[a-z]',
        'a',
        '{a}',
        'a}',
        ':id',
        '$1',
        '@p1',
        '#id',
        '\\',
        '\\\\',
        '\\u0061',
        '%61',
        '&#97;',
        '/',
        'a/b',
        '..',
        'a:b',
        'a::b',
        'a,b',
        'a|b',
        'a;b',
        'a=b',
        '<a>',
        '__proto__',
        'constructor',
        'prototype',
        'hasOwnProperty',
        'length',
        'toString',
        'index',
        'EVAL "return 1" 0',
        '{"S":"a"}',
      ]),
  ],
  'ids-255': [
    'ids of 255 characters with a client prefix differ in their last character',
    'An index with a length limit must not mix up customers.',
    (context) =>
      expectDistinct(
        context,
        ['x', '日', '😀'].flatMap((character) => {
          // 254 UTF-16 units. An emoji has two.
          const start = character.repeat(254 / character.length)
          return ['a', 'b'].map((last) => prefix + start + last)
        }),
      ),
  ],
  'ids-of-the-client': [
    'a row with U+001F after the client prefix works like others and is the client’s first row',
    'Core stores the quota of authorization codes in such a row.',
    async ({ store }) => {
      const clientRow = `${prefix}\u001fcodes`
      const otherClientRow = clientRow.replaceAll('A', 'B').replaceAll('a', 'b')
      const row = await put(store, clientRow)
      const other = await put(store, otherClientRow)
      const connections = [`${prefix} `, `${prefix}acme`]
      for (const id of connections) await put(store, id)
      await expectStored(store, clientRow, row)
      await expectListed(store, { limit: 9 }, [clientRow, ...connections, otherClientRow])
      await expectListed(store, { limit: 9, after: clientRow }, [...connections, otherClientRow])
      await expectListed(store, { limit: 9, after: prefix }, [
        clientRow,
        ...connections,
        otherClientRow,
      ])
      await remove(store, clientRow, row)
      await expectStored(store, otherClientRow, other)
    },
  ],
})
