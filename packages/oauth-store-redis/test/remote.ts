import { serveStore } from '@zrecruit/oauth-conformance/remote'
import { redisStore } from '../src/index.ts'
import { settings, type Connect } from './settings.ts'

// Runs the store in another process, with its own client.
serveStore(async ({ setting, url, prefix }: { setting: string; url: string; prefix: string }) =>
  redisStore((await (settings[setting] as Connect)(url)).client, { prefix }),
)
