import { statSync, truncateSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { createRecord } from '@zrecruit/testing/records'
import { expect, it } from 'vitest'
import { RecruitOAuthError } from '../../../src/errors/recruit-oauth-error.ts'
import { toStoreError } from '../../../src/store/sqlite/errors.ts'
import { openStore, temporaryFile } from './temporary.ts'

it('reports a damaged file with SQLITE_CORRUPT, and quotes no SQL', async () => {
  const path = temporaryFile()
  const first = openStore(path)
  for (let n = 0; n < 50; n++)
    await first.write(`c${n}`, createRecord({ envelope: 'x'.repeat(4000) }), 'absent')
  first.close()
  truncateSync(path, statSync(path).size / 2)
  const store = openStore(path)
  const responses = await Promise.allSettled(
    Array.from({ length: 50 }, (_, n) => store.read(`c${n}`)),
  )
  const error: unknown = responses.find((response) => response.status === 'rejected')?.reason
  expect(error).toMatchObject({
    code: 'store-unavailable',
    remedy: 'report',
    message: expect.stringContaining('(SQLITE_CORRUPT)') as string,
  })
  expect(error).not.toHaveProperty('cause')
  expect(String(error)).not.toMatch(/SELECT|zrecruit_|malformed/)
})

it('names only the primary result code of an error of SQLite', () => {
  const database = new DatabaseSync(':memory:')
  database.exec('CREATE TABLE secrets (x UNIQUE); INSERT INTO secrets VALUES (1)')
  const thrown = (() => {
    try {
      database.exec('INSERT INTO secrets VALUES (1)')
    } catch (error) {
      return error
    }
  })()
  // 2067 is the extended code SQLITE_CONSTRAINT_UNIQUE. Its low byte is 19, SQLITE_CONSTRAINT.
  expect(thrown).toMatchObject({ errcode: 2067 })
  expect(toStoreError(thrown, '/zoho.db').message).toBe(
    'The SQLite file "/zoho.db" could not be used (SQLITE_CONSTRAINT). Check the disk, then ' +
      'call again.',
  )
  expect(toStoreError(new TypeError('a secret'), '/zoho.db').message).toBe(
    'The SQLite file "/zoho.db" could not be used (TypeError). Check the disk, then call again.',
  )
})

// 1032 and 778 are extended codes: their low bytes are 8 and 10.
it.each([
  [13, 'store-unavailable', 'SQLITE_FULL'],
  [8, 'configuration-invalid', 'SQLITE_READONLY'],
  [1032, 'configuration-invalid', 'SQLITE_READONLY'],
  [26, 'configuration-invalid', 'SQLITE_NOTADB'],
  [778, 'store-unavailable', 'SQLITE_IOERR'],
  [99, 'store-unavailable', 'SQLITE_99'],
])('maps result code %i to the error %s', (errcode, code, name) => {
  expect(toStoreError(Object.assign(new Error('a secret'), { errcode }), '/zoho.db')).toMatchObject(
    {
      code,
      message: expect.stringContaining(`(${name})`) as string,
    },
  )
})

it('does not change errors of the library', () => {
  const ownError = new RecruitOAuthError('argument-invalid')
  expect(toStoreError(ownError, '/zoho.db')).toBe(ownError)
})
