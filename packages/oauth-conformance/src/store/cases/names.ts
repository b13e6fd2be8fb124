import { equal } from '../../cases/expect.ts'
import { storeCasesOf, type StoreTestContext } from '../case.ts'
import { inOrder, lists, put, remove, expectStored } from './record.ts'

/** Each of these ids, and each as an principal, is its own, and no other. */
const areApart = async ({ store }: StoreTestContext, ids: readonly string[]): Promise<void> => {
  equal(new Set(ids).size, ids.length, 'ids of the case that are different')
  const records = await Promise.all(
    ids.map((id) => put(store, id, { principal: id, envelope: `of ${id}` })),
  )
  await Promise.all(
    ids.flatMap((id, n) => [
      expectStored(store, id, records[n]),
      lists(store, { principal: id, limit: 10 }, [id]),
    ]),
  )
  await lists(store, { limit: 1000 }, inOrder(ids))
  await Promise.all(
    ids.flatMap((id, n) => (n % 2 === 0 ? [remove(store, id, records[n] as never)] : [])),
  )
  await lists(store, { limit: 1000 }, inOrder(ids.filter((_, n) => n % 2 === 1)))
}

/** A prefix as core adds it to every id and principal; each client has its own. */
const prefix = 'aA-_9aA-_9aA-_9A:'

/**
 * Ids that a careless store takes for one another, or chokes on. Core sends the prefix of a client
 * and 1 to 255 characters, none of them a control character; and rows of the client's own.
 */
export const names = storeCasesOf({
  'ids-letter-case': [
    'ids that differ in letter case are different connections',
    'one customer’s connection from another’s',
    (stage) =>
      areApart(stage, [
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
    'ids that differ in Unicode normal form are different connections',
    'one customer’s connection from another’s',
    (stage) =>
      areApart(stage, [
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
    'ids that differ in blanks, at their end too, and in marks that nobody sees, are ' +
      'different connections',
    'one customer’s connection from another’s',
    (stage) =>
      areApart(stage, [
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
    'ids that look like numbers or values are text',
    'one customer’s connection from another’s',
    (stage) =>
      areApart(stage, [
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
    'ids that look like SQL, patterns, paths or members of objects are text',
    'the store from whoever may choose an id',
    (stage) =>
      areApart(stage, [
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
    'ids of 255 characters behind the prefix of a client, of one byte or four per character, ' +
      'are distinguished by their last character',
    'customers from the limits of an index',
    (stage) =>
      areApart(
        stage,
        ['x', '日', '😀'].flatMap((character) =>
          ['a', 'b'].map(
            (last) => prefix + character.repeat(character.length === 2 ? 127 : 254) + last,
          ),
        ),
      ),
  ],
  'ids-of-the-client': [
    'rows of a client’s own, whose ids have U+001F after the prefix, are records as others, ' +
      'and the first of the client’s in a listing',
    'the count of codes that Zoho gave to the client',
    async ({ store }) => {
      const own = `${prefix}\u001fcodes`
      const ofAnother = own.replaceAll('A', 'B').replaceAll('a', 'b')
      const [row, other] = [await put(store, own), await put(store, ofAnother)]
      const connections = [`${prefix} `, `${prefix}acme`]
      for (const id of connections) await put(store, id)
      await expectStored(store, own, row)
      await lists(store, { limit: 9 }, [own, ...connections, ofAnother])
      await lists(store, { limit: 9, after: own }, [...connections, ofAnother])
      await lists(store, { limit: 9, after: prefix }, [own, ...connections, ofAnother])
      await remove(store, own, row)
      await expectStored(store, ofAnother, other)
    },
  ],
})
