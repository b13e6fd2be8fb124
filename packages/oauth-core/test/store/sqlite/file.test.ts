import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createRecord } from '@zrecruit/testing/records'
import { describe, expect, it } from 'vitest'
import { sqliteStore } from '../../../src/store/sqlite/index.ts'
import { openStore, temporaryDirectory, temporaryFile } from './temporary.ts'

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)
const errorWith = (text: string | RegExp) => ({
  name: 'RecruitOAuthError',
  code: 'configuration-invalid',
  message: expect.stringMatching(text) as string,
})
const thrownBy = (act: () => unknown): unknown => {
  try {
    act()
  } catch (error) {
    return error
  }
  return 'nothing was thrown'
}

/** Creates a database of another program with this mode, and returns its path. */
const createThirdPartyDatabase = (mode: number): string => {
  const path = temporaryFile()
  new DatabaseSync(path).exec('CREATE TABLE users (name)')
  chmodSync(path, mode)
  return path
}

describe.skipIf(process.platform === 'win32')('file modes', () => {
  it('creates file, log and shared memory for this user only', async () => {
    const path = temporaryFile()
    await openStore(path).write('acme', createRecord(), 'absent')
    for (const suffix of ['', '-wal', '-shm']) expect(modeOf(path + suffix)).toBe('600')
    expect(readdirSync(dirname(path)).toSorted()).toEqual(['zoho.db', 'zoho.db-shm', 'zoho.db-wal'])
  })

  it('creates missing directories for this user only', async () => {
    const path = join(temporaryDirectory(), 'data', 'oauth', 'zoho.db')
    await openStore(path).write('acme', createRecord(), 'absent')
    expect([modeOf(dirname(path)), modeOf(dirname(dirname(path)))]).toEqual(['700', '700'])
  })

  it.each(['644', '640', '604', '660', '602', '777'])(
    'refuses a file of mode %s, with its name, its mode and a hint',
    (mode) => {
      const path = createThirdPartyDatabase(Number.parseInt(mode, 8))
      const error = thrownBy(() => sqliteStore(path))
      expect(error).toMatchObject(
        errorWith(
          /has mode 0\d\d\d: .* Run chmod 600 on it, or pass dangerouslyAllowSharedFile: true\.$/,
        ),
      )
      expect(error).toMatchObject(errorWith(`${basename(path)}" has mode 0${mode}`))
      expect(modeOf(path), 'the mode is unchanged').toBe(mode)
    },
  )

  it.skipIf(process.geteuid?.() !== 0)('refuses a file of another user, even as root', () => {
    const path = createThirdPartyDatabase(0o600)
    chownSync(path, 65_534, 65_534)
    expect(thrownBy(() => sqliteStore(path))).toMatchObject(errorWith('belongs to another user'))
  })

  it('refuses a private file whose log is shared, and a link to a shared file', async () => {
    const path = temporaryFile()
    await openStore(path).write('acme', createRecord(), 'absent')
    chmodSync(`${path}-wal`, 0o644)
    expect(thrownBy(() => sqliteStore(path))).toMatchObject(errorWith('zoho.db-wal" has mode 0644'))
    const link = temporaryFile()
    symlinkSync(createThirdPartyDatabase(0o644), link)
    expect(thrownBy(() => sqliteStore(link))).toMatchObject(errorWith('has mode 0644'))
  })

  it('checks the mode again when it opens the file', async () => {
    const path = temporaryFile()
    const store = openStore(path)
    writeFileSync(path, '')
    chmodSync(path, 0o644)
    await expect(store.read('acme')).rejects.toMatchObject(errorWith('has mode 0644'))
  })

  it('uses a shared file if the app allows it', async () => {
    const store = openStore(createThirdPartyDatabase(0o644), { dangerouslyAllowSharedFile: true })
    expect(await store.write('acme', createRecord(), 'absent')).toMatchObject({ written: true })
  })

  // Root can write all files.
  it.skipIf(process.getuid?.() === 0)(
    'refuses a file and a directory that it may not write',
    () => {
      const path = temporaryFile()
      writeFileSync(path, '', { mode: 0o400 })
      const directory = join(temporaryDirectory(), 'read-only')
      mkdirSync(directory, { mode: 0o500 })
      for (const refused of [path, join(directory, 'new', 'zoho.db')])
        expect(thrownBy(() => sqliteStore(refused))).toMatchObject(
          errorWith(/cannot be used \(EACCES\)/),
        )
    },
  )
})

it('creates no file before its first command', async () => {
  const path = join(temporaryDirectory(), 'data', 'zoho.db')
  const store = openStore(path)
  expect(existsSync(dirname(path))).toBe(false)
  await store.read('acme')
  expect(existsSync(path)).toBe(true)
})

it.each([
  ['an empty path', ''],
  ['a path that is no string', 7],
  ['an undefined path', undefined],
  ['a path with a NUL', 'zoho\0.db'],
  ['a file: URL', 'file:zoho.db?mode=memory'],
])('refuses %s at once', (_what, path) => {
  expect(thrownBy(() => sqliteStore(path as string))).toMatchObject(
    errorWith(/^The path of the SQLite store is .* Pass the path of a file/),
  )
})

it('refuses a directory and a device at once', () => {
  expect(thrownBy(() => sqliteStore(temporaryDirectory()))).toMatchObject(
    errorWith('is a directory'),
  )
  expect(thrownBy(() => sqliteStore('/dev/null'))).toMatchObject(errorWith('is not a file'))
})

it('refuses a path with a file in place of a directory, and does not change the file', async () => {
  const file = temporaryFile()
  writeFileSync(file, 'text', { mode: 0o700 })
  const act = async () => {
    await openStore(join(file, 'zoho.db')).read('acme')
  }
  await expect(act()).rejects.toMatchObject({ code: 'configuration-invalid' })
  expect(readFileSync(file, 'utf8')).toBe('text')
})

it('refuses a dangling link instead of creating its target', async () => {
  const link = temporaryFile()
  const target = temporaryFile()
  symlinkSync(target, link)
  await expect(openStore(link).read('acme')).rejects.toMatchObject(errorWith('ENOENT'))
  expect(existsSync(target)).toBe(false)
})

it.each([
  ['text', 'This is a letter, not a database. '.repeat(100)],
  ['two bytes', 'xy'],
])('refuses a file that contains %s, and does not change it', async (_what, content) => {
  const path = temporaryFile()
  writeFileSync(path, content, { mode: 0o600 })
  const error: unknown = await openStore(path)
    .read('acme')
    .catch((caught: unknown) => caught)
  expect(error).toMatchObject(errorWith(/zoho\.db" is not a SQLite database \(SQLITE_NOTADB\)/))
  expect(error).not.toHaveProperty('cause')
  expect(readFileSync(path, 'utf8')).toBe(content)
})
