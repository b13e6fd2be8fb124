import { serveStore } from '@zrecruit/oauth-conformance/remote'
import pg from 'pg'
import { postgresStore } from '../src/index.ts'

// Runs the store in another process, on the tables of the test.
serveStore(({ url, schema }: { url: string; schema: string }) =>
  postgresStore(new pg.Pool({ connectionString: url }), { schema }),
)
