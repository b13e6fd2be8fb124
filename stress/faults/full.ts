import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext, Row } from '../experiment.ts'
import type { StorePlace } from '../stores.ts'
import { downWithout } from './down.ts'
import { failedSave } from './lost-answers.ts'
import { createSetup, type Setup } from './setup.ts'

/** A store that takes no more: it is read on, and refreshes wait until there is room. */
export const full = async (bench: TestContext, scene: Setup): Promise<Row[]> => {
  const { place } = scene
  const filling =
    place.name === 'redis'
      ? { scene, fill: () => fillRedis(place.url) }
      : await onSmallDisk(bench, scene)
  if (!filling) return []
  const refused = await downWithout(filling.scene, 'full, token expired; room again', filling.fill)
  // In a page that it has just written, PostgreSQL finds the room of what it wrote before: there is
  // a save that it takes still.
  return place.name === 'postgres'
    ? [refused]
    : [
        refused,
        await failedSave(filling.scene, 'full between the refresh and its save', filling.fill),
      ]
}

/** A file system of its own can be had: on Linux, as root, and where a container lets it. */
export const canMount = (): boolean => {
  try {
    const directory = mountSmallDisk()
    unmount(directory)
    return true
  } catch {
    return false
  }
}

type Filling = { readonly scene: Setup; readonly fill: () => Promise<() => Promise<void>> }

/** The file or the table on a file system of eight megabytes. */
const onSmallDisk = async (bench: TestContext, scene: Setup): Promise<Filling | undefined> => {
  if (!canMount()) return undefined
  const disk = mountSmallDisk()
  bench.atEnd(() => unmount(disk))
  const { place } = scene
  if (!place.service) {
    const small: StorePlace = { name: 'sqlite', url: join(disk, 'zoho.db') }
    return { scene: await createSetup(bench, 'sqlite', small), fill: async () => fillDisk(disk) }
  }
  return { scene, fill: await tableOn(bench, disk, place.url, statSync(place.service.directory)) }
}

/**
 * The table on that disk, and an old snapshot held: PostgreSQL uses the room of dead rows again as
 * long as it can, so on a full disk it goes on for a while. Its log is elsewhere: without room for
 * that it stops, which is another case.
 */
const tableOn = async (
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
    // From those that are kept elsewhere (TOAST) down to the smallest. One that was begun and found
    // no room in an index leaves its own to others, as soon as its page is read: so again, until
    // nothing more is taken.
    for (let taken = 1; taken > 0;) {
      taken = 0
      for (const bytes of [3_000, 2_100, 1_000, 200, 20]) taken += await fillTable(client, bytes)
      await client.query('SELECT count(envelope) FROM zrecruit_connections')
    }
    return empty
  }
}

/**
 * Inserts rows of that size, which no compression makes smaller, until the table has no room for
 * one more. Answers how many.
 */
const fillTable = async (
  client: { query(statement: string, values: unknown[]): Promise<unknown> },
  bytes: number,
): Promise<number> => {
  let taken = 0
  try {
    for (; ; taken++)
      await client.query(
        'INSERT INTO zrecruit_connections (id, revision, status, pending, envelope) ' +
          "VALUES ('filler ' || gen_random_uuid(), 'r', 'none', false, $1)",
        [randomBytes(bytes).toString('base64').slice(0, bytes)],
      )
  } catch (error) {
    if ((error as { code?: string }).code !== '53100') throw error // disk_full
  }
  return taken
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

/** Writes until there is no room at all. */
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
