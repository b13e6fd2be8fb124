import { PGlite } from '@electric-sql/pglite'
import { describeStore } from '@zrecruit/oauth-conformance'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { postgresHarness } from './harness.ts'

let database: PGlite
beforeAll(async () => {
  database = await PGlite.create()
}, 60_000) // PGlite creates a database cluster in WebAssembly.
afterAll(() => database.close())

describeStore(
  postgresHarness('PGlite', async () => {
    let open = true
    const client = {
      query: async (text: string, values: unknown[]) =>
        open ? database.query(text, values) : Promise.reject(new Error('PGlite is closed')),
    }
    return { client, end: async () => void (open = false) }
  }),
  { describe, it },
)
