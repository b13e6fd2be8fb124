import type { Context, Hono } from 'hono'
import type { DataCenterId } from '../data-centers.ts'
import type { Environment } from '../environment.ts'
import type { Fault } from '../faults/fault.ts'
import { json } from '../http/responses.ts'
import { BadRequest } from '../http/body.ts'
import type { NewUser } from '../users.ts'
import type { ServerContext } from '../state.ts'
import { parseAccount, type Controls, createControls } from './controls.ts'
import { readJsonObject } from './read-json.ts'

type Body = Readonly<Record<string, unknown>>

/** The input of a control route other than the body. */
interface RouteContext {
  readonly dataCenter: DataCenterId
  readonly id: string
  /** The query parameter `after`. */
  readonly after: string | undefined
}

interface ControlRoute {
  readonly route: `${'GET' | 'POST' | 'DELETE'} ${string}`
  /**
   * The allowed fields of the body; `any` if the control itself checks them. Without `fields`, the
   * body is not read.
   */
  readonly fields?: readonly string[] | 'any'
  /** Returns the body of the response; `undefined` becomes `{}`. */
  run(controls: Controls, body: Body, context: RouteContext): unknown
}

const routes: readonly ControlRoute[] = [
  {
    route: 'POST codes',
    fields: ['scope', 'dataCenter', 'user', 'environment', 'expiresInSeconds'],
    run: (controls, body, { dataCenter }) => {
      const has = (name: string) => body[name] !== undefined
      const scope = readText(body, 'scope', 'ZohoRecruit.modules.ALL')
      // The control refuses data centers that are not emulated.
      const id = has('dataCenter') ? readText(body, 'dataCenter', 'eu') : dataCenter
      return controls.issueSelfClientCode({
        scope,
        dataCenter: id as DataCenterId,
        ...(has('user') && { user: readText(body, 'user', 'lena.vogel@rheinbogen.example') }),
        // The control refuses other environments.
        ...(has('environment') && {
          environment: readText(body, 'environment', 'sandbox') as Environment,
        }),
        ...(has('expiresInSeconds') && {
          expiresInSeconds: readNumber(body, 'expiresInSeconds', 60),
        }),
      })
    },
  },
  {
    route: 'POST clock',
    fields: ['advanceSeconds'],
    run: (controls, body) => controls.advanceClock(readNumber(body, 'advanceSeconds', 3600)),
  },
  { route: 'POST reset', fields: [], run: (controls) => controls.reset() },
  {
    route: 'POST clients',
    fields: ['redirectUris'],
    run: (controls, body) => controls.addRedirectUris(readRedirectUris(body)),
  },
  {
    route: 'POST users',
    fields: ['dataCenter', 'firstName', 'lastName', 'organization'],
    run: (controls, body, { dataCenter }) => controls.addUser({ dataCenter, ...body } as NewUser),
  },
  { route: 'GET users', run: (controls) => controls.users() },
  {
    route: 'POST faults',
    fields: 'any',
    run: (controls, body) => controls.addFault(body as unknown as Fault),
  },
  { route: 'GET faults', run: (controls) => controls.faults() },
  { route: 'DELETE faults', run: (controls) => controls.clearFaults() },
  { route: 'DELETE faults/:id', run: (controls, _, { id }) => controls.clearFaults(id) },
  {
    route: 'POST settings',
    fields: 'any',
    run: (controls, body) => controls.configure(body),
  },
  { route: 'GET settings', run: (controls) => controls.settings() },
  {
    route: 'POST revocations',
    fields: ['account'],
    run: (controls, body) => controls.revokeByUser(parseAccount(readText(body, 'account', 'eu'))),
  },
  { route: 'DELETE access-tokens', run: (controls) => controls.endAccessTokens() },
  { route: 'GET calls', run: (controls) => controls.calls() },
  { route: 'GET tokens', run: (controls) => controls.tokens() },
  {
    route: 'GET journal',
    run: (controls, _, { after }) => controls.journal(after === undefined ? 0 : Number(after)),
  },
]

/**
 * Adds the control endpoints under `/_emulator`. They are the same on every accounts server. The
 * answer to invalid input is 400 `{"error": …}`, which names the cause and a hint.
 */
export function addControlRoutes(server: Hono, { state, dataCenter }: ServerContext): void {
  const controls = createControls(state)
  for (const { route, fields, run } of routes) {
    const [method = '', path = ''] = route.split(' ')
    server.on(method, `/_emulator/${path}`, (c) =>
      respondWith(async () =>
        run(controls, fields === undefined ? {} : await readJsonObject(c.req.raw, fields), {
          dataCenter,
          id: c.req.param('id') ?? '',
          after: c.req.query('after'),
        }),
      ),
    )
  }
  server.all('/_emulator/*', (c: Context) => {
    const known = [...routes.map(({ route }) => route), 'GET snapshot']
      .map((route) => route.replace(' ', ' /_emulator/'))
      .join(', ')
    return json({ error: `No endpoint ${c.req.method} ${c.req.path}: use ${known}.` }, 404)
  })
}

async function respondWith(run: () => Promise<unknown>): Promise<Response> {
  try {
    return json((await run()) ?? {})
  } catch (error) {
    if (error instanceof BadRequest) return json({ error: error.message }, error.status)
    throw error
  }
}

function readText(body: Body, name: string, example: string): string {
  const value = body[name]
  if (typeof value !== 'string')
    throw new BadRequest(
      `${name}: missing or not a string: send one such as ${JSON.stringify(example)}.`,
    )
  return value
}

function readNumber(body: Body, name: string, example: number): number {
  const value = body[name]
  if (typeof value !== 'number')
    throw new BadRequest(`${name}: missing or not a number: send one such as ${example}.`)
  return value
}

function readRedirectUris(body: Body): readonly string[] {
  const value = body['redirectUris']
  if (Array.isArray(value) && value.every((uri) => typeof uri === 'string')) return value
  throw new BadRequest(
    'redirectUris: not a list of strings: send ' +
      '{"redirectUris":["http://localhost:3000/zoho/callback"]}.',
  )
}
