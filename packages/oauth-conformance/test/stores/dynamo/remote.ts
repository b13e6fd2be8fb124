import { serveStore } from '@zrecruit/oauth-conformance/remote'
import { createCall } from './call.ts'
import { dynamoStore } from './store.ts'

// Another process of the app.
serveStore((endpoint: string) => dynamoStore(createCall(endpoint)))
