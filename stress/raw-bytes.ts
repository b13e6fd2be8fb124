import { randomBytes } from 'node:crypto'
import { dirname } from 'node:path'
import type { TestContext, Experiment, Row } from './experiment.ts'
import { live } from './raw-bytes/life.ts'
import { search } from './raw-bytes/search.ts'
import { openStore, startStore, type StartedStore, type StoreName } from './stores.ts'
import { startZoho } from './zoho.ts'

/**
 * No secret is on any disk after a connection's whole life: SQLite's file, log and index of the
 * log; PostgreSQL's directory with its log of changes, its server's log, and its rows as text;
 * Redis's append-only file and its snapshot. What Durable Objects leave on workerd's disk is
 * searched in the tests of @zrecruit/oauth-store-durable-object.
 */
export const rawBytes: Experiment = {
  name: 'raw-bytes',
  async prove(bench) {
    const rows: Row[] = []
    for (const store of bench.stores) rows.push(await on(bench, store))
    return rows
  },
}

/** Where the store keeps its files. */
const directoryOf = ({ name, url, service }: StartedStore): string => {
  if (!service) return dirname(url)
  return name === 'postgres' ? dirname(service.directory) : service.directory
}

const on = async (bench: TestContext, name: StoreName): Promise<Row> => {
  const [place, zoho] = [await startStore(bench, name), await startZoho(bench)]
  const { store, close } = await openStore(place)
  const writeAll = await prepare(place)
  const since = name === 'postgres' ? Date.now() - 1_000 : 0
  // Ids and principals are kept in clear: where they are found, the search has looked.
  const principal = `principal-${randomBytes(12).toString('hex')}`
  const { found } = await live(store, zoho, principal)
  const dumps = await writeAll()
  const directory = directoryOf(place)
  const open = await search(directory, found, principal, { since, more: dumps })
  await close()
  // What it would have written at its end is not wanted; what it has written is.
  await place.service?.kill()
  const ended = await search(directory, found, principal, { since })
  const leaks = [...new Set([...open.leaks, ...ended.leaks])]
  // A server has it twice, in its data and in its log of changes; SQLite in the one or the other.
  const copies = place.service ? 2 : 1
  const kinds = new Set(found.map(({ kind }) => kind))
  return {
    part: 'raw-bytes',
    store: name,
    what: 'a whole life, searched byte for byte',
    figures: {
      files: open.files,
      'MB searched': Math.round((open.bytes + ended.bytes) / 1e5) / 10,
      'files with the principal': open.withControl,
      secrets: found.length,
      kinds: kinds.size,
      leaks: leaks.length === 0 ? 0 : leaks.join('; '),
    },
    target: `leaks 0, of 8 kinds; the principal in ${copies} or more`,
    ok:
      leaks.length === 0 &&
      kinds.size === 8 &&
      open.withControl >= copies &&
      ended.withControl >= copies,
  }
}

/**
 * What has the server write all of it to its disk; answers with its rows as text. Redis would pack
 * its snapshot, and hide what is searched for.
 */
const prepare = async ({ name, url }: StartedStore): Promise<() => Promise<readonly string[]>> => {
  if (name === 'postgres') {
    const { Client } = (await import('pg')).default
    const client = new Client({ connectionString: url })
    await client.connect()
    return async () => {
      await client.query('CHECKPOINT') // The pages as well as the log of changes.
      const { rows } = await client.query<{ line: string }>(
        'SELECT stored::text AS line FROM zrecruit_connections AS stored',
      )
      await client.end()
      return rows.map(({ line }) => line)
    }
  }
  if (name === 'redis') {
    const { createClient } = await import('redis')
    const client = createClient({ url })
    await client.connect()
    await client.sendCommand(['CONFIG', 'SET', 'rdbcompression', 'no'])
    return async () => {
      await client.sendCommand(['SAVE'])
      client.destroy()
      return []
    }
  }
  return async () => []
}
