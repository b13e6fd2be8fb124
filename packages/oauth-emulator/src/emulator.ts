import type { Hono } from 'hono'
import { handleRequest } from './handle-request.ts'
import { createAccountsServer } from './accounts/accounts-server.ts'
import { type Client, createClient } from './client.ts'
import { createClock, monotonicTime } from './clock.ts'
import { type Controls, createControls } from './control/controls.ts'
import {
  addressesAt,
  dataCenterIds,
  type DataCenterAddresses,
  type DataCenterId,
  inProcessOrigins,
  isDataCenterId,
  type Origins,
  type ServerRole,
  serverRoles,
} from './data-centers.ts'
import { createFaultBook } from './faults/fault-book.ts'
import { LostConnection } from './faults/wait.ts'
import { createLedger } from './ledger/ledger.ts'
import { type Listening, listenOn } from './listen.ts'
import type { EmulatorOptions } from './options.ts'
import { createApiDomain, createRecruitApi } from './recruit/recruit-api.ts'
import { checkSettings } from './settings/check-settings.ts'
import { defaultSettings } from './settings/settings.ts'
import { createUsers } from './users.ts'
import type { ServerContext, EmulatorState } from './state.ts'

/** Zoho's accounts servers and a slice of Recruit v2, on this machine. */
export interface Emulator<Id extends DataCenterId = DataCenterId> extends Controls {
  /**
   * Where the data centers are: loopback ports while listening, `*.emulator.localhost` otherwise
   * (reached by `fetch` alone).
   */
  readonly dataCenters: Readonly<Record<Id, DataCenterAddresses>>
  readonly client: Client
  /**
   * Answers in process, by the origin of the URL; follows no redirects. An origin that is not the
   * emulator's is a TypeError.
   */
  fetch(input: Request | URL | string, init?: RequestInit): Promise<Response>
  /**
   * Opens real servers on 127.0.0.1, three for each data center, on consecutive ports from `port`
   * (0: any free ones).
   */
  listen(options: { readonly port: number }): Promise<Readonly<Record<Id, DataCenterAddresses>>>
  /**
   * Closes the servers, if there are any, and their connections; ends what a fault keeps waiting.
   */
  close(): Promise<void>
}

const servers: Readonly<
  Record<ServerRole, { create(station: ServerContext): Hono; purpose: string }>
> = {
  accountsServer: { create: createAccountsServer, purpose: 'accounts server' },
  recruitApi: { create: createRecruitApi, purpose: 'Recruit API' },
  apiDomain: { create: createApiDomain, purpose: 'API domain' },
}

const defaultDataCenters = ['us', 'eu', 'in'] as const
const defaultRedirectUris = [
  'http://localhost:3000/zoho/callback',
  'http://127.0.0.1:3000/zoho/callback',
]

/** One server of one data center; the signal aborts when nobody waits for the answer any longer. */
function station(world: EmulatorState, id: DataCenterId, role: ServerRole) {
  const server = servers[role].create({ world, dataCenter: id })
  const answer = (request: Request, gone: AbortSignal) =>
    handleRequest({
      world,
      dataCenter: id,
      role,
      request,
      gone,
      answer: (arrived) => server.fetch(arrived),
    })
  return { id, role, answer }
}

/** Makes an emulator; nothing is opened until `listen`. */
export function createEmulator<const Id extends DataCenterId = 'us' | 'eu' | 'in'>(
  options: EmulatorOptions<Id> = {},
): Emulator<Id> {
  const {
    dataCenters: wanted = defaultDataCenters,
    clientId,
    clientSecret,
    clientName = 'Your application',
    ...others
  } = options
  const {
    redirectUris = defaultRedirectUris,
    monotonicTime: monotonic = monotonicTime,
    ...given
  } = others
  const ids = [...new Set(wanted as readonly Id[])]
  if (ids.length === 0 || !ids.every(isDataCenterId))
    throw new RangeError(`dataCenters: name at least one of ${dataCenterIds.join(', ')}.`)
  const client = createClient(
    { id: clientId, secret: clientSecret, name: clientName, redirectUris },
    ids,
  )
  const originalSettings = Object.freeze({ ...defaultSettings, ...checkSettings(given) })

  const origins = new Map<DataCenterId, Origins>(ids.map((id) => [id, inProcessOrigins(id)]))
  const addresses = (id: DataCenterId) => addressesAt(origins.get(id) ?? inProcessOrigins(id))
  const world: EmulatorState = {
    dataCenters: ids,
    users: createUsers(ids),
    settings: { ...originalSettings },
    originalSettings,
    client,
    clock: createClock(monotonic),
    ledger: createLedger(),
    faults: createFaultBook(ids),
    addresses,
  }
  const stations = ids.flatMap((id) => serverRoles.map((role) => station(world, id, role)))
  const dataCenters = () =>
    Object.fromEntries(ids.map((id) => [id, addresses(id)])) as Record<Id, DataCenterAddresses>
  let listening: Listening | undefined
  let closing = new AbortController()

  return {
    ...createControls(world),
    client,
    get dataCenters() {
      return dataCenters()
    },
    async fetch(input, init) {
      const request = new Request(input, init)
      request.signal.throwIfAborted()
      const { origin } = new URL(request.url)
      const found = stations.find(
        ({ id, role }) =>
          origins.get(id)?.[role] === origin || inProcessOrigins(id)[role] === origin,
      )
      if (found === undefined)
        throw new TypeError(
          `fetch failed: the emulator has no server at ${origin}; see emulator.dataCenters.`,
        )
      return found.answer(request, AbortSignal.any([closing.signal, request.signal]))
    },
    async listen({ port }) {
      if (listening !== undefined)
        throw new Error('The emulator listens already: close() it first.')
      const openings = stations.map(({ id, role, answer }) => ({
        purpose: `the ${id} ${servers[role].purpose}`,
        answer: (request: Request) => answer(request, closing.signal),
      }))
      listening = await listenOn(port, openings)
      for (const [index, { id, role }] of stations.entries()) {
        origins.set(id, {
          ...(origins.get(id) ?? inProcessOrigins(id)),
          [role]: listening.origins[index] ?? '',
        })
      }
      return dataCenters()
    },
    async close() {
      const [open, waiting] = [listening, closing]
      listening = undefined
      closing = new AbortController()
      for (const id of ids) origins.set(id, inProcessOrigins(id))
      await open?.close()
      waiting.abort(new LostConnection())
    },
  }
}
