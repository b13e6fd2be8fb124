import { serveStore } from '@zrecruit/oauth-conformance/remote'
import { sqliteStore } from '@zrecruit/oauth-core/sqlite'

// Opens the same file in another process.
serveStore((path: string) => sqliteStore(path))
