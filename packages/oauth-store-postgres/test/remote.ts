import { serveStore } from '@zrecruit/oauth-conformance/remote'
import pg from 'pg'
import { postgresStore } from '../src/index.ts'

/** Another process on the same tables. */
serveStore(({ url, schema }: { url: string; schema: string }) =>
  postgresStore(new pg.Pool({ connectionString: url }), { schema }),
)
