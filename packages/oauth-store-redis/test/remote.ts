import { serveStore } from '@zrecruit/oauth-conformance/remote'
import { redisStore } from '../src/index.ts'
import { settings, type Connect } from './settings.ts'

// Another process, by a client of its own.
serveStore(async ({ setting, url, prefix }: { setting: string; url: string; prefix: string }) =>
  redisStore((await (settings[setting] as Connect)(url)).client, { prefix }),
)
