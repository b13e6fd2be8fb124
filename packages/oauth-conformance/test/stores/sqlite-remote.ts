import { serveStore } from '@zrecruit/oauth-conformance/remote'
import { sqliteStore } from '@zrecruit/oauth-core/sqlite'

// Another process that has the file open.
serveStore((path: string) => sqliteStore(path))
