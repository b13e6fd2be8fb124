import type { IncomingMessage, ServerResponse } from 'node:http'
import { expect, it } from 'vitest'
import { ZohoRecruitModule } from '../src/index.ts'
import { optionsFor, platforms, startEmulator, startNest } from './start-nest.ts'

it.each(platforms)(
  'on %s, the routes keep the values of Vary of a middleware',
  async (platform) => {
    const trustedOrigins = ['https://spa.example.com']
    const options = optionsFor(await startEmulator(), { trustedOrigins })
    const { send } = await startNest({
      platform,
      imports: [ZohoRecruitModule.forRoot(options)],
      main: (app) =>
        app.use((_: IncomingMessage, response: ServerResponse, next: () => void) => {
          response.setHeader('vary', 'Accept-Encoding')
          next()
        }),
    })
    const { headers } = await send('/zoho/connect', { headers: { accept: 'text/html' } })
    expect(headers.get('vary')).toBe('Accept-Encoding, Origin')
  },
)
