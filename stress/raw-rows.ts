import { storedId, type SealedRecord } from '@zrecruit/oauth-core'
import { DatabaseSync } from 'node:sqlite'
import type { StoreLocation } from './stores.ts'

/** Reads and changes rows directly in the database, as an attacker, a backup or an operator can. */
export interface RawRows {
  envelope(id: string): Promise<string>
  /** The envelopes of all rows, including the client's quota record. */
  envelopes(): Promise<readonly string[]>
  change(
    id: string,
    change: Partial<Pick<SealedRecord, 'envelope' | 'dataCenter' | 'principal' | 'revision'>>,
  ): Promise<void>
  /** Replaces the row `to` by a copy of the row `from`. */
  copy(from: string, to: string): Promise<void>
  close(): Promise<void>
}

const columns = {
  envelope: 'envelope',
  dataCenter: 'data_center',
  principal: 'principal',
  revision: 'revision',
} as const

/** @param clientId of the app. Stored ids and principals have a prefix that is derived from it. */
export const openRawRows = async (
  { name, url }: StoreLocation,
  clientId: string,
): Promise<RawRows> => {
  const rows = await (name === 'redis'
    ? redisRows(url)
    : sqlRows(await (name === 'sqlite' ? sqlite(url) : postgres(url))))
  const stored = (text: string) => storedId(clientId, text)
  return {
    ...rows,
    envelope: async (id) => rows.envelope(await stored(id)),
    async change(id, { principal, ...change }) {
      await rows.change(await stored(id), {
        ...change,
        ...(principal !== undefined && { principal: await stored(principal) }),
      })
    },
    copy: async (from, to) => rows.copy(await stored(from), await stored(to)),
  }
}

/** Runs statements with `?` for values. */
interface Sql {
  run(statement: string, ...values: string[]): Promise<readonly Readonly<Record<string, unknown>>[]>
  close(): Promise<void>
}

const sqlRows = ({ run, close }: Sql): RawRows => ({
  envelope: async (id) =>
    String(
      (await run('SELECT envelope FROM zrecruit_connections WHERE id = ?', id))[0]?.['envelope'],
    ),
  envelopes: async () =>
    (await run('SELECT envelope FROM zrecruit_connections')).map(({ envelope }) =>
      String(envelope),
    ),
  async change(id, change) {
    for (const [name, value] of Object.entries(change))
      await run(
        `UPDATE zrecruit_connections SET ${columns[name as keyof typeof columns]} = ? WHERE id = ?`,
        value,
        id,
      )
  },
  async copy(from, to) {
    await run('DELETE FROM zrecruit_connections WHERE id = ?', to)
    await run(
      `INSERT INTO zrecruit_connections
         (id, revision, status, pending, principal, data_center, envelope)
       SELECT ?, revision, status, pending, principal, data_center, envelope
       FROM zrecruit_connections WHERE id = ?`,
      to,
      from,
    )
  },
  close,
})

const sqlite = async (file: string): Promise<Sql> => {
  const database = new DatabaseSync(file, { timeout: 5_000 })
  return {
    run: async (statement, ...values) => database.prepare(statement).all(...values),
    close: async () => database.close(),
  }
}

const postgres = async (connectionString: string): Promise<Sql> => {
  const { Client } = (await import('pg')).default
  const client = new Client({ connectionString })
  await client.connect()
  const numberValues = (statement: string) => {
    let number = 0
    return statement.replaceAll('?', () => `$${++number}`)
  }
  return {
    run: async (statement, ...values) => (await client.query(numberValues(statement), values)).rows,
    close: () => client.end(),
  }
}

const redisRows = async (url: string): Promise<RawRows> => {
  const { createClient } = await import('redis')
  const client = createClient({ url })
  await client.connect()
  const fieldsKey = '{zrecruit}:fields'
  const envelopeOf = (id: string) => `{zrecruit}:envelope:${id}`
  return {
    envelope: async (id) => String(await client.get(envelopeOf(id))),
    envelopes: async () =>
      Promise.all(
        (await client.keys(envelopeOf('*'))).map(async (key) => String(await client.get(key))),
      ),
    async change(id, { envelope, ...change }) {
      if (envelope !== undefined) await client.set(envelopeOf(id), envelope)
      await client.hSet(
        fieldsKey,
        id,
        JSON.stringify({ ...JSON.parse(String(await client.hGet(fieldsKey, id))), ...change }),
      )
    },
    async copy(from, to) {
      await client.set(envelopeOf(to), String(await client.get(envelopeOf(from))))
      await client.hSet(fieldsKey, to, String(await client.hGet(fieldsKey, from)))
    },
    close: async () => client.destroy(),
  }
}
