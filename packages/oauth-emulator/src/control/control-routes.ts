import type { Context, Hono } from 'hono'
import type { DataCenterId } from '../data-centers.ts'
import type { Fault } from '../faults/fault.ts'
import { json } from '../http/answers.ts'
import { BadRequest } from '../http/body.ts'
import type { NewUser } from '../users.ts'
import type { ServerContext } from '../state.ts'
import { accountCalled, type Controls, createControls } from './controls.ts'
import { readJsonObject } from './read-json.ts'

type Fields = Readonly<Record<string, unknown>>

/** What a door knows besides its body. */
interface Here {
  readonly dataCenter: DataCenterId
  readonly id: string
  /** The query's `after`. */
  readonly after: string | undefined
}

interface Door {
  readonly at: `${'GET' | 'POST' | 'DELETE'} ${string}`
  /** The fields of the body that it knows; `any` when the control itself checks them. */
  readonly fields?: readonly string[] | 'any'
  /** What it answers; nothing is `{}`. */
  open(controls: Controls, sent: Fields, here: Here): unknown
}

const doors: readonly Door[] = [
  {
    at: 'POST codes',
    fields: ['scope', 'dataCenter', 'user', 'expiresInSeconds'],
    open: (controls, sent, here) =>
      controls.issueSelfClientCode({
        scope: text(sent, 'scope', 'ZohoRecruit.modules.ALL'),
        dataCenter: (sent['dataCenter'] === undefined
          ? here.dataCenter
          : text(sent, 'dataCenter', 'eu')) as DataCenterId,
        ...(sent['user'] === undefined
          ? {}
          : { user: text(sent, 'user', 'lena.vogel@rheinbogen.example') }),
        ...(sent['expiresInSeconds'] === undefined
          ? {}
          : { expiresInSeconds: number(sent, 'expiresInSeconds', 60) }),
      }),
  },
  {
    at: 'POST clock',
    fields: ['advanceSeconds'],
    open: (controls, sent) => controls.advanceClock(number(sent, 'advanceSeconds', 3600)),
  },
  { at: 'POST reset', fields: [], open: (controls) => controls.reset() },
  {
    at: 'POST clients',
    fields: ['redirectUris'],
    open: (controls, sent) => controls.addRedirectUris(uris(sent)),
  },
  {
    at: 'POST users',
    fields: ['dataCenter', 'firstName', 'lastName', 'organization'],
    open: (controls, sent, here) =>
      controls.addUser({ dataCenter: here.dataCenter, ...sent } as NewUser),
  },
  { at: 'GET users', open: (controls) => controls.users() },
  {
    at: 'POST faults',
    fields: 'any',
    open: (controls, sent) => controls.addFault(sent as unknown as Fault),
  },
  { at: 'GET faults', open: (controls) => controls.faults() },
  { at: 'DELETE faults', open: (controls) => controls.clearFaults() },
  { at: 'DELETE faults/:id', open: (controls, _, { id }) => controls.clearFaults(id) },
  {
    at: 'POST settings',
    fields: 'any',
    open: (controls, sent) => controls.configure(sent),
  },
  { at: 'GET settings', open: (controls) => controls.settings() },
  {
    at: 'POST revocations',
    fields: ['account'],
    open: (controls, sent) => controls.revokeByUser(accountCalled(text(sent, 'account', 'eu'))),
  },
  { at: 'DELETE access-tokens', open: (controls) => controls.endAccessTokens() },
  { at: 'GET calls', open: (controls) => controls.calls() },
  { at: 'GET tokens', open: (controls) => controls.tokens() },
  {
    at: 'GET journal',
    open: (controls, _, { after }) => controls.journal(after === undefined ? 0 : Number(after)),
  },
]

/**
 * Adds the doors under `/_emulator`, the same on every accounts server. Bad input answers 400
 * `{"error": …}` with cause and cure.
 */
export function addControlDoors(server: Hono, { world, dataCenter }: ServerContext): void {
  const controls = createControls(world)
  for (const { at, fields, open } of doors) {
    const [method = '', path = ''] = at.split(' ')
    server.on(method, `/_emulator/${path}`, (c) =>
      answer(async () =>
        open(controls, fields === undefined ? {} : await readJsonObject(c.req.raw, fields), {
          dataCenter,
          id: c.req.param('id') ?? '',
          after: c.req.query('after'),
        }),
      ),
    )
  }
  server.all('/_emulator/*', (c: Context) => {
    const known = [...doors.map(({ at }) => at), 'GET snapshot']
      .map((at) => at.replace(' ', ' /_emulator/'))
      .join(', ')
    return json({ error: `No door ${c.req.method} ${c.req.path}: use ${known}.` }, 404)
  })
}

async function answer(open: () => Promise<unknown>): Promise<Response> {
  try {
    return json((await open()) ?? {})
  } catch (error) {
    if (error instanceof BadRequest) return json({ error: error.message }, error.status)
    throw error
  }
}

function text(sent: Fields, name: string, example: string): string {
  const value = sent[name]
  if (typeof value !== 'string')
    throw new BadRequest(
      `${name}: missing or not a string: send one such as ${JSON.stringify(example)}.`,
    )
  return value
}

function number(sent: Fields, name: string, example: number): number {
  const value = sent[name]
  if (typeof value !== 'number')
    throw new BadRequest(`${name}: missing or not a number: send one such as ${example}.`)
  return value
}

function uris(sent: Fields): readonly string[] {
  const value = sent['redirectUris']
  if (Array.isArray(value) && value.every((uri) => typeof uri === 'string')) return value
  throw new BadRequest(
    'redirectUris: not a list of strings: send ' +
      '{"redirectUris":["http://localhost:3000/zoho/callback"]}.',
  )
}
