import type { Hono } from 'hono'
import { handleRequest } from './handle-request.ts'
import { createAccountsServer } from './accounts/accounts-server.ts'
import { type Client, createClient } from './client.ts'
import { createClock, monotonicTime } from './clock.ts'
import { type Controls, createControls } from './control/controls.ts'
import {
  toAddresses,
  dataCenterIds,
  type DataCenterAddresses,
  type DataCenterId,
  inProcessOrigins,
  isDataCenterId,
  type Origins,
  type ServerKind,
  mainServerKinds,
  otherServerKinds,
} from './data-centers.ts'
import { createFaultBook } from './faults/fault-book.ts'
import { LostConnection } from './faults/wait.ts'
import { createLedger } from './ledger/ledger.ts'
import { type Listening, listenOn } from './listen.ts'
import type { EmulatorOptions } from './options.ts'
import { createApiDomain, createRecruitApi } from './recruit/recruit-api.ts'
import { createRecruitData } from './recruit/recruit-data.ts'
import { createUploadServer } from './recruit/upload-server.ts'
import { checkSettings } from './settings/check-settings.ts'
import { defaultSettings, type Settings } from './settings/settings.ts'
import { createUsers } from './users.ts'
import type { ServerContext, EmulatorState } from './state.ts'

/** Zoho's accounts servers and a part of the Recruit v2 API, on this machine. */
export interface Emulator<Id extends DataCenterId = DataCenterId> extends Controls {
  /**
   * The addresses of the data centers: loopback ports while the emulator listens, otherwise
   * `*.emulator.localhost`, which only the method `fetch` of this object can reach.
   */
  readonly dataCenters: Readonly<Record<Id, DataCenterAddresses>>
  readonly client: Client
  /**
   * Handles a request in process. The origin of the URL selects the server. Redirects are not
   * followed.
   *
   * @throws {TypeError} for an origin that is not the emulator's
   */
  fetch(input: Request | URL | string, init?: RequestInit): Promise<Response>
  /**
   * Opens HTTP servers on 127.0.0.1, on consecutive ports from `port`: accounts server, Recruit API
   * and API domain of each data center, and then upload server and sandbox of each data center.
   * With `0` the system chooses free ports.
   */
  listen(options: { readonly port: number }): Promise<Readonly<Record<Id, DataCenterAddresses>>>
  /** Closes the servers and their connections, and ends requests that a fault delays. */
  close(): Promise<void>
}

const serverDefinitions: Readonly<
  Record<ServerKind, { create(context: ServerContext): Hono; purpose: string }>
> = {
  accountsServer: { create: createAccountsServer, purpose: 'accounts server' },
  recruitApi: {
    create: (context) => createRecruitApi(context, 'production'),
    purpose: 'Recruit API',
  },
  apiDomain: { create: createApiDomain, purpose: 'API domain' },
  uploadServer: { create: createUploadServer, purpose: 'upload server' },
  sandboxApi: { create: (context) => createRecruitApi(context, 'sandbox'), purpose: 'sandbox' },
}

const defaultDataCenters = ['us', 'eu', 'in'] as const
const defaultRedirectUris = [
  'http://localhost:3000/zoho/callback',
  'http://127.0.0.1:3000/zoho/callback',
]

const optionNames = Object.keys({
  dataCenters: true,
  clientId: true,
  clientSecret: true,
  clientName: true,
  redirectUris: true,
  monotonicTime: true,
} satisfies Record<Exclude<keyof EmulatorOptions, keyof Settings>, true>)

/** Creates one server of one data center. */
function createServer(state: EmulatorState, id: DataCenterId, kind: ServerKind) {
  const server = serverDefinitions[kind].create({ state, dataCenter: id })
  const handle = (request: Request, signal: AbortSignal) =>
    handleRequest({
      state,
      dataCenter: id,
      server: kind,
      request,
      signal,
      handle: (incoming) => server.fetch(incoming),
    })
  return { id, kind, handle }
}

/** Creates an emulator. No port is opened before `listen`. */
export function createEmulator<const Id extends DataCenterId = 'us' | 'eu' | 'in'>(
  options: EmulatorOptions<Id> = {},
): Emulator<Id> {
  const {
    dataCenters: requestedDataCenters = defaultDataCenters,
    clientId,
    clientSecret,
    clientName = 'Your application',
    ...others
  } = options
  const {
    redirectUris = defaultRedirectUris,
    monotonicTime: monotonic = monotonicTime,
    ...settings
  } = others
  const ids = [...new Set(requestedDataCenters as readonly Id[])]
  if (ids.length === 0 || !ids.every(isDataCenterId))
    throw new RangeError(`dataCenters: name at least one of ${dataCenterIds.join(', ')}.`)
  const client = createClient(
    { id: clientId, secret: clientSecret, name: clientName, redirectUris },
    ids,
  )
  const originalSettings = Object.freeze({
    ...defaultSettings,
    ...checkSettings(settings, optionNames),
  })

  const origins = new Map<DataCenterId, Origins>(ids.map((id) => [id, inProcessOrigins(id)]))
  const addresses = (id: DataCenterId) => toAddresses(origins.get(id) ?? inProcessOrigins(id))
  const state: EmulatorState = {
    dataCenters: ids,
    users: createUsers(ids),
    settings: { ...originalSettings },
    originalSettings,
    client,
    clock: createClock(monotonic),
    ledger: createLedger(),
    recruit: createRecruitData(),
    faults: createFaultBook(ids),
    addresses,
  }
  const servers = [mainServerKinds, otherServerKinds].flatMap((kinds) =>
    ids.flatMap((id) => kinds.map((kind) => createServer(state, id, kind))),
  )
  const dataCenters = () =>
    Object.fromEntries(ids.map((id) => [id, addresses(id)])) as Record<Id, DataCenterAddresses>
  let listening: Listening | undefined
  let closing = new AbortController()

  return {
    ...createControls(state),
    client,
    get dataCenters() {
      return dataCenters()
    },
    async fetch(input, init) {
      const request = new Request(input, init)
      request.signal.throwIfAborted()
      const { origin } = new URL(request.url)
      const server = servers.find(
        ({ id, kind }) =>
          origins.get(id)?.[kind] === origin || inProcessOrigins(id)[kind] === origin,
      )
      if (server === undefined)
        throw new TypeError(
          `fetch failed: the emulator has no server at ${origin}; see emulator.dataCenters.`,
        )
      return server.handle(request, AbortSignal.any([closing.signal, request.signal]))
    },
    async listen({ port }) {
      if (listening !== undefined)
        throw new Error('The emulator already listens: close() it first.')
      const openings = servers.map(({ id, kind, handle }) => ({
        purpose: `the ${id} ${serverDefinitions[kind].purpose}`,
        handle: (request: Request) => handle(request, closing.signal),
      }))
      listening = await listenOn(port, openings)
      for (const [index, { id, kind }] of servers.entries()) {
        origins.set(id, {
          ...(origins.get(id) ?? inProcessOrigins(id)),
          [kind]: listening.origins[index] ?? '',
        })
      }
      return dataCenters()
    },
    async close() {
      const openServers = listening
      const pendingRequests = closing
      listening = undefined
      // Later requests need a signal that is not aborted.
      closing = new AbortController()
      for (const id of ids) origins.set(id, inProcessOrigins(id))
      await openServers?.close()
      pendingRequests.abort(new LostConnection())
    },
  }
}
