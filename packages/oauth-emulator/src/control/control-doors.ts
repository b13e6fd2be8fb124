import type { Context, Hono } from 'hono'
import { json } from '../http/answers.ts'
import { BadRequest } from '../http/body.ts'
import type { DataCenterId } from '../data-centers.ts'
import type { Station } from '../world.ts'
import { createControls } from './controls.ts'
import { readJsonObject } from './read-json.ts'

type Fields = Readonly<Record<string, unknown>>

/** Adds the doors under `/_emulator`, the same on every accounts server. Bad input answers 400 `{"error": …}` with cause and cure. */
export function addControlDoors(server: Hono, { world, dataCenter }: Station): void {
  const controls = createControls(world)
  const door = (path: string, fields: readonly string[], open: (sent: Fields) => unknown) => {
    server.post(`/_emulator/${path}`, (c) => answer(async () => open(await readJsonObject(c.req.raw, fields))))
  }

  door('codes', ['scope', 'dataCenter', 'expiresInSeconds'], (sent) =>
    controls.issueSelfClientCode({
      scope: text(sent, 'scope', 'ZohoRecruit.modules.ALL'),
      dataCenter: (sent['dataCenter'] === undefined ? dataCenter : text(sent, 'dataCenter', 'eu')) as DataCenterId,
      ...(sent['expiresInSeconds'] === undefined ? {} : { expiresInSeconds: number(sent, 'expiresInSeconds', 60) }),
    }),
  )
  door('clock', ['advanceSeconds'], (sent) => controls.advanceClock(number(sent, 'advanceSeconds', 3600)))
  door('reset', [], () => {
    controls.reset()
    return {}
  })
  door('clients', ['redirectUris'], (sent) => {
    const uris = sent['redirectUris']
    const isList = Array.isArray(uris) && uris.every((uri) => typeof uri === 'string')
    if (!isList) throw new BadRequest('redirectUris: not a list of strings: send {"redirectUris":["http://localhost:3000/zoho/callback"]}.')
    return controls.addRedirectUris(uris)
  })
  server.get('/_emulator/calls', () => json(controls.calls()))
  server.get('/_emulator/tokens', () => json(controls.tokens()))
  server.all('/_emulator/*', (c: Context) => {
    const error = `No door ${c.req.method} ${c.req.path}: use POST /_emulator/{codes,clock,reset,clients} or GET /_emulator/{calls,tokens}.`
    return json({ error }, 404)
  })
}

async function answer(open: () => Promise<unknown>): Promise<Response> {
  try {
    return json(await open())
  } catch (error) {
    if (error instanceof BadRequest) return json({ error: error.message }, error.status)
    throw error
  }
}

function text(sent: Fields, name: string, example: string): string {
  const value = sent[name]
  if (typeof value !== 'string') throw new BadRequest(`${name}: missing or not a string: send one such as ${JSON.stringify(example)}.`)
  return value
}

function number(sent: Fields, name: string, example: number): number {
  const value = sent[name]
  if (typeof value !== 'number') throw new BadRequest(`${name}: missing or not a number: send one such as ${example}.`)
  return value
}
