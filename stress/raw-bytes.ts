import { randomBytes } from 'node:crypto'
import { dirname } from 'node:path'
import type { TestContext, Experiment, Row } from './experiment.ts'
import { runLifeCycle } from './raw-bytes/life.ts'
import { search } from './raw-bytes/search.ts'
import { openStore, startStore, type StartedStore, type StoreName } from './stores.ts'
import { startZoho } from './zoho.ts'

/**
 * No secret is on any disk after the whole life of a connection. The search covers SQLite's file,
 * its WAL and the WAL's index; PostgreSQL's directory with its WAL, its server log, and its rows as
 * text; Redis's append-only file and its snapshot. The tests of
 * @zrecruit/oauth-store-durable-object search workerd's disk.
 */
export const rawBytes: Experiment = {
  name: 'raw-bytes',
  async run(context) {
    const rows: Row[] = []
    for (const store of context.stores) rows.push(await runOnStore(context, store))
    return rows
  },
}

/** The directory with the store's files. */
const directoryOf = ({ name, url, service }: StartedStore): string => {
  if (!service) return dirname(url)
  return name === 'postgres' ? dirname(service.directory) : service.directory
}

const runOnStore = async (context: TestContext, name: StoreName): Promise<Row> => {
  const location = await startStore(context, name)
  const zoho = await startZoho(context)
  const { store, close } = await openStore(location)
  const flushToDisk = await prepareFlush(location)
  const since = name === 'postgres' ? Date.now() - 1_000 : 0
  // Ids and principals are stored in plain text: finding them shows that the search works.
  const principal = `principal-${randomBytes(12).toString('hex')}`
  const { found } = await runLifeCycle(store, zoho, principal)
  const dumps = await flushToDisk()
  const directory = directoryOf(location)
  const whileOpen = await search(directory, found, principal, { since, more: dumps })
  await close()
  // SIGKILL, because a regular shutdown would rewrite the files.
  await location.service?.kill()
  const afterKill = await search(directory, found, principal, { since })
  const leaks = [...new Set([...whileOpen.leaks, ...afterKill.leaks])]
  // A server has the principal in its data and in its WAL; SQLite has it in one of the two.
  const copies = location.service ? 2 : 1
  const kinds = new Set(found.map(({ kind }) => kind))
  return {
    experiment: 'raw-bytes',
    store: name,
    what: 'the whole life of a connection, byte by byte',
    figures: {
      files: whileOpen.files,
      'MB searched': Math.round((whileOpen.bytes + afterKill.bytes) / 1e5) / 10,
      'files with the principal': whileOpen.filesWithControl,
      secrets: found.length,
      kinds: kinds.size,
      leaks: leaks.length === 0 ? 0 : leaks.join('; '),
    },
    target: `leaks 0, secrets of 8 kinds, files with the principal at least ${copies}`,
    ok:
      leaks.length === 0 &&
      kinds.size === 8 &&
      whileOpen.filesWithControl >= copies &&
      afterKill.filesWithControl >= copies,
  }
}

/**
 * Prepares a function that makes the server write everything to its disk and resolves with its rows
 * as text. Redis must not compress its snapshot, because the search looks for plain bytes.
 */
const prepareFlush = async ({
  name,
  url,
}: StartedStore): Promise<() => Promise<readonly string[]>> => {
  if (name === 'postgres') {
    const { Client } = (await import('pg')).default
    const client = new Client({ connectionString: url })
    await client.connect()
    return async () => {
      await client.query('CHECKPOINT') // Writes the pages; the WAL is already on the disk.
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
