import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext, Row } from '../experiment.ts'
import type { StoreLocation } from '../stores.ts'
import { downWithExpiredToken } from './down.ts'
import { failedSave } from './lost-responses.ts'
import { createSetup, type Setup } from './setup.ts'

/** The store is full: reads work, and refreshes fail until there is space again. */
export const full = async (context: TestContext, setup: Setup): Promise<Row[]> => {
  const { location } = setup
  const filling =
    location.name === 'redis'
      ? { setup, fill: () => fillRedis(location.url) }
      : await onSmallDisk(context, setup)
  if (!filling) return []
  // The first text is also the connection's id, which is a part of its row. Keep the text short:
  // with longer ids PostgreSQL found space for a write.
  const refused = await downWithExpiredToken(
    filling.setup,
    'full, token expired; free again',
    filling.fill,
  )
  // PostgreSQL can still reuse space in the page that it wrote last. One save succeeds there, so
  // the second case is left out.
  return location.name === 'postgres'
    ? [refused]
    : [
        refused,
        await failedSave(filling.setup, 'full between the refresh and its save', filling.fill),
      ]
}

/** True if a file system can be mounted: on Linux as root, if the container permits it. */
export const canMount = (): boolean => {
  try {
    const directory = mountSmallDisk()
    unmount(directory)
    return true
  } catch {
    return false
  }
}

type Filling = { readonly setup: Setup; readonly fill: () => Promise<() => Promise<void>> }

/** Puts SQLite's file or PostgreSQL's table on a file system of eight megabytes. */
const onSmallDisk = async (context: TestContext, setup: Setup): Promise<Filling | undefined> => {
  if (!canMount()) return undefined
  const disk = mountSmallDisk()
  context.atEnd(() => unmount(disk))
  const { location } = setup
  if (!location.service) {
    const small: StoreLocation = { name: 'sqlite', url: join(disk, 'zoho.db') }
    return { setup: await createSetup(context, 'sqlite', small), fill: async () => fillDisk(disk) }
  }
  return {
    setup,
    fill: await moveTableTo(context, disk, location.url, statSync(location.service.directory)),
  }
}

/**
 * Moves the table to the small disk and keeps an old snapshot open, so that PostgreSQL cannot reuse
 * the space of dead rows. Its write-ahead log stays on the large disk: without space for the log
 * the server stops, which is another case.
 */
const moveTableTo = async (
  { atEnd }: TestContext,
  disk: string,
  connectionString: string,
  { uid, gid }: { uid: number; gid: number },
) => {
  const { Client } = (await import('pg')).default
  const clients = [new Client({ connectionString }), new Client({ connectionString })] as const
  for (const client of clients) {
    client.on('error', () => {})
    await client.connect()
    atEnd(() => client.end().catch(() => {}))
  }
  const [client, holder] = clients
  const location = join(disk, 'space')
  mkdirSync(location)
  chownSync(location, uid, gid)
  await client.query(`CREATE TABLESPACE small LOCATION '${location}'`)
  await client.query('ALTER TABLE zrecruit_connections SET TABLESPACE small')
  await holder.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM zrecruit_connections')
  return async () => {
    const empty = fillDisk(disk)
    // Inserts large values first, which PostgreSQL stores in the TOAST table, and then small ones.
    // The space of a failed insert becomes free when its page is read, so the loop repeats until no
    // insert succeeds.
    let inserted: number
    do {
      inserted = 0
      for (const bytes of [3_000, 2_100, 1_000, 200, 20]) inserted += await fillTable(client, bytes)
      await client.query('SELECT count(envelope) FROM zrecruit_connections')
    } while (inserted > 0)
    return empty
  }
}

/** Inserts rows of random bytes until the disk is full. Resolves with their number. */
const fillTable = async (
  client: { query(statement: string, values: unknown[]): Promise<unknown> },
  bytes: number,
): Promise<number> => {
  let inserted = 0
  try {
    for (;;) {
      await client.query(
        'INSERT INTO zrecruit_connections (id, revision, status, pending, envelope) ' +
          "VALUES ('filler ' || gen_random_uuid(), 'r', 'none', false, $1)",
        [randomBytes(bytes).toString('base64').slice(0, bytes)],
      )
      inserted += 1
    }
  } catch (error) {
    if ((error as { code?: string }).code !== '53100') throw error // disk_full
  }
  return inserted
}

const fillRedis = async (url: string) => {
  const { createClient } = await import('redis')
  const client = createClient({ url })
  client.on('error', () => {})
  await client.connect()
  await client.sendCommand(['CONFIG', 'SET', 'maxmemory', '1', 'maxmemory-policy', 'noeviction'])
  return async () => {
    await client.sendCommand(['CONFIG', 'SET', 'maxmemory', '0'])
    client.destroy()
  }
}

/** Writes a file until the disk is full. Returns a function that removes the file. */
const fillDisk = (disk: string): (() => Promise<void>) => {
  const filler = join(disk, 'filler')
  for (const size of [65_536, 512]) {
    try {
      for (;;) writeFileSync(filler, Buffer.alloc(size), { flag: 'a' })
    } catch (error) {
      if ((error as { code?: string }).code !== 'ENOSPC') throw error
    }
  }
  return async () => rmSync(filler)
}

const mountSmallDisk = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'zrecruit-small-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m,mode=755', 'tmpfs', directory], {
      stdio: 'ignore',
    })
  } catch (error) {
    rmSync(directory, { recursive: true })
    throw error
  }
  return directory
}

const unmount = (directory: string): void => {
  execFileSync('umount', ['-l', directory])
  rmSync(directory, { recursive: true })
}
