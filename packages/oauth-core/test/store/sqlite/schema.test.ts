import { chmodSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { createRecord } from '@zrecruit/testing/records'
import { expect, it } from 'vitest'
import { migrate, migrations } from '../../../src/store/sqlite/database.ts'
import { openStore, temporaryFile } from './temporary.ts'

const newerMigrations = [...migrations, 'ALTER TABLE zrecruit_connections ADD COLUMN more TEXT']

it('refuses a newer schema with both versions, and changes nothing', async () => {
  const path = temporaryFile()
  await openStore(path).write('acme', createRecord(), 'absent')
  const database = new DatabaseSync(path)
  migrate(database, path, newerMigrations)
  const refusal = {
    code: 'configuration-invalid',
    message: expect.stringMatching(/zoho\.db" has schema version 2; .* up to 1\. Update/) as string,
  }
  const store = openStore(path)
  await expect(store.read('acme')).rejects.toMatchObject(refusal)
  await expect(store.write('acme', createRecord(), 'absent')).rejects.toMatchObject(refusal)
  expect(database.prepare('SELECT version FROM zrecruit_schema').get()).toEqual({ version: 2 })
  database.close()
})

it('migrates an older schema in place', async () => {
  const path = temporaryFile()
  const record = createRecord()
  const store = openStore(path)
  await store.write('acme', record, 'absent')
  const database = new DatabaseSync(path)
  migrate(database, path, newerMigrations)
  expect(database.prepare('SELECT revision, more FROM zrecruit_connections').all()).toEqual([
    { revision: record.revision, more: null },
  ])
  expect((await store.read('acme')).record, 'an older process still works').toEqual(record)
  database.close()
})

it('uses a file of the app, and keeps its tables and its user_version', async () => {
  const path = temporaryFile()
  const appDatabase = new DatabaseSync(path)
  chmodSync(path, 0o600)
  appDatabase.exec(
    "CREATE TABLE users (name); INSERT INTO users VALUES ('Ada'); PRAGMA user_version = 77",
  )
  appDatabase.close()
  await openStore(path).write('acme', createRecord(), 'absent')
  const again = new DatabaseSync(path)
  expect(again.prepare('PRAGMA user_version').get()).toEqual({ user_version: 77 })
  expect(again.prepare('SELECT name FROM users').get()).toEqual({ name: 'Ada' })
  expect(
    again
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      .all()
      .map((row) => row['name']),
  ).toEqual(['users', 'zrecruit_connections', 'zrecruit_schema'])
  again.close()
})

it('rolls a failed migration back', () => {
  const path = temporaryFile()
  const database = new DatabaseSync(path)
  expect(() =>
    migrate(database, path, [...migrations, 'CREATE TABLE zrecruit_connections (id)']),
  ).toThrow()
  database.close()
  const again = new DatabaseSync(path)
  expect(again.prepare('SELECT count(*) AS n FROM sqlite_schema').get()).toEqual({ n: 0 })
  again.close()
})

it('does not repeat a migration that another process made meanwhile', () => {
  const path = temporaryFile()
  const late = new DatabaseSync(path)
  const early = new DatabaseSync(path)
  const exec = late.exec.bind(late)
  late.exec = (sql) => {
    if (sql === 'BEGIN IMMEDIATE') migrate(early, path)
    exec(sql)
  }
  migrate(late, path)
  expect(late.prepare('SELECT version FROM zrecruit_schema').all()).toEqual([
    { version: migrations.length },
  ])
  late.close()
  early.close()
})
