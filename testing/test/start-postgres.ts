import { serveParent } from '../processes/index.ts'
import { startPostgres } from '../services/index.ts'

// A child process with its own server, for postgres.slow.test.ts.
const { url, directory } = await startPostgres()
const commands = { location: () => ({ url, directory }) }
export type StartPostgresCommands = typeof commands
serveParent(commands)
