import { serveStore } from '@zrecruit/oauth-conformance/remote'
import { callOf } from './call.ts'
import { dynamoStore } from './store.ts'

// Another process of the app.
serveStore((endpoint: string) => dynamoStore(callOf(endpoint)))
