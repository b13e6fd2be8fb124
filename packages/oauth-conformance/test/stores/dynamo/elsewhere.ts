import { serveStore } from '@zrecruit/oauth-conformance/elsewhere'
import { callOf } from './call.ts'
import { dynamoStore } from './store.ts'

// Another process of the app.
serveStore((endpoint: string) => dynamoStore(callOf(endpoint)))
