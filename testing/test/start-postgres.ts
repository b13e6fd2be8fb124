import { startPostgres } from '../services/index.ts'

// A process with a server of its own, for postgres.test.ts: it tells where, and goes on.
const { url, directory } = await startPostgres()
process.send?.({ url, directory })
setInterval(() => undefined, 60_000)
