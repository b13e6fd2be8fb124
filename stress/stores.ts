import type { ConnectionStore } from '@zrecruit/oauth-core'
import { redisIsMissing, startPostgres, startRedis, type Service } from '@zrecruit/testing/services'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TestContext } from './experiment.ts'

export const storeNames = ['sqlite', 'postgres', 'redis'] as const
export type StoreName = (typeof storeNames)[number]

/** The stores whose servers are installed on this machine. */
export const availableStores = (): readonly StoreName[] =>
  storeNames.filter((name) => name !== 'redis' || !redisIsMissing())

/** The address of a store, for any process. */
export interface StoreLocation {
  readonly name: StoreName
  /** For SQLite, the path of the file. */
  readonly url: string
}

/** A running store. SQLite has no server, so no service. */
export interface StartedStore extends StoreLocation {
  readonly service?: Service
}

/** Starts an empty store, which is removed after the experiment. */
export const startStore = async (
  { atEnd }: Pick<TestContext, 'atEnd'>,
  name: StoreName,
): Promise<StartedStore> => {
  if (name === 'sqlite') {
    const folder = await mkdtemp(join(tmpdir(), 'zrecruit-stress-'))
    atEnd(() => rm(folder, { recursive: true, force: true }))
    return { name, url: join(folder, 'zoho.db') }
  }
  const service = await (name === 'postgres' ? startPostgres() : startRedis())
  atEnd(() => service.stop())
  const location = { name, url: service.url, service }
  await (await openStore(location, true)).close()
  return location
}

export interface OpenStore {
  readonly store: ConnectionStore
  close(): Promise<void>
}

/** Opens the store as an app does, and loads only the driver of this store. */
export const openStore = async (
  { name, url }: StoreLocation,
  migrate = false,
): Promise<OpenStore> => {
  if (name === 'sqlite') {
    const { sqliteStore } = await import('@zrecruit/oauth-core/sqlite')
    const store = sqliteStore(url)
    return { store, close: async () => store.close() }
  }
  if (name === 'postgres') {
    const [{ Pool }, { postgresStore }] = await Promise.all([
      import('pg'),
      import('@zrecruit/oauth-store-postgres'),
    ])
    const pool = new Pool({ connectionString: url })
    pool.on('error', () => {}) // An idle connection broke; the next command fails.
    const store = postgresStore(pool)
    if (migrate) await store.migrate()
    return { store, close: () => pool.end() }
  }
  const [{ createClient }, { redisStore }] = await Promise.all([
    import('redis'),
    import('@zrecruit/oauth-store-redis'),
  ])
  const client = createClient({
    url,
    disableOfflineQueue: true,
    commandOptions: { timeout: 1_000 },
  })
  client.on('error', () => {})
  await client.connect()
  return { store: redisStore(client), close: async () => client.destroy() }
}

/**
 * Waits until the store answers. Connecting can take longer than the one second for a store command
 * if the machine is busy.
 */
export const waitForStore = async (store: ConnectionStore): Promise<void> => {
  for (const deadline = performance.now() + 30_000; ; await sleep(100)) {
    try {
      return void (await store.read('nothing'))
    } catch (error) {
      if (performance.now() > deadline) throw error
    }
  }
}
