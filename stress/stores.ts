import type { ConnectionStore } from '@zrecruit/oauth-core'
import { redisIsMissing, startPostgres, startRedis, type Service } from '@zrecruit/testing/services'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TestContext } from './experiment.ts'

export const storeNames = ['sqlite', 'postgres', 'redis'] as const
export type StoreName = (typeof storeNames)[number]

/** The stores whose servers are on this machine. */
export const storesHere = (): readonly StoreName[] =>
  storeNames.filter((name) => name !== 'redis' || !redisIsMissing())

/** What any process needs to open a store. */
export interface StorePlace {
  readonly name: StoreName
  /** Of SQLite the file's path. */
  readonly url: string
}

/** A store of a part's own. SQLite needs no server. */
export interface StartedStore extends StorePlace {
  readonly service?: Service
}

/** An empty store, gone with its part. */
export const startStore = async (
  { atEnd }: Pick<TestContext, 'atEnd'>,
  name: StoreName,
): Promise<StartedStore> => {
  if (name === 'sqlite') {
    const folder = await mkdtemp(join(tmpdir(), 'zrecruit-prove-'))
    atEnd(() => rm(folder, { recursive: true, force: true }))
    return { name, url: join(folder, 'zoho.db') }
  }
  const service = await (name === 'postgres' ? startPostgres() : startRedis())
  atEnd(() => service.stop())
  const place = { name, url: service.url, service }
  await (await openStore(place, true)).close()
  return place
}

export interface OpenStore {
  readonly store: ConnectionStore
  close(): Promise<void>
}

/**
 * The store as an app opens it: one pool, client or file for each process, which loads that driver
 * alone.
 */
export const openStore = async ({ name, url }: StorePlace, migrate = false): Promise<OpenStore> => {
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
    pool.on('error', () => {}) // A connection that breaks while it is idle: the next command tells.
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
 * The first command connects. On a machine with more to do than it can, that takes longer than the
 * second that a command is given.
 */
export const connected = async (store: ConnectionStore): Promise<void> => {
  for (const deadline = performance.now() + 30_000; ; await sleep(100)) {
    try {
      return void (await store.read('nothing'))
    } catch (error) {
      if (performance.now() > deadline) throw error
    }
  }
}
