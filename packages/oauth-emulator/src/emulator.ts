import type { Hono } from 'hono'
import { createAccountsServer } from './accounts/accounts-server.ts'
import { type Client, createClient } from './client.ts'
import { createClock, monotonicTime } from './clock.ts'
import { type Controls, createControls } from './control/controls.ts'
import {
  addressesAt,
  type DataCenterAddresses,
  type DataCenterId,
  inProcessOrigins,
  isDataCenterId,
  type Origins,
  type ServerRole,
  serverRoles,
} from './data-centers.ts'
import { createLedger } from './ledger/ledger.ts'
import { type Listening, listenOn } from './listen.ts'
import { type EmulatorOptions, settingsFrom } from './options.ts'
import { createApiDomain, createRecruitApi } from './recruit/recruit-api.ts'
import type { Station, World } from './world.ts'

/** Zoho's accounts servers and a slice of Recruit v2, on this machine. */
export interface Emulator<Id extends DataCenterId = DataCenterId> extends Controls {
  /** Where the data centers are: loopback ports while listening, `*.emulator.localhost` otherwise (reached by `fetch` alone). */
  readonly dataCenters: Readonly<Record<Id, DataCenterAddresses>>
  readonly client: Client
  /** Answers in process, by the origin of the URL; follows no redirects. An origin that is not the emulator's is a TypeError. */
  fetch(input: Request | URL | string, init?: RequestInit): Promise<Response>
  /** Opens real servers on 127.0.0.1, three for each data center, on consecutive ports from `port` (0: any free ones). */
  listen(options: { readonly port: number }): Promise<Readonly<Record<Id, DataCenterAddresses>>>
  /** Closes the servers, if there are any, and their connections. */
  close(): Promise<void>
}

const servers: Readonly<Record<ServerRole, { create(station: Station): Hono; purpose: string }>> = {
  accountsServer: { create: createAccountsServer, purpose: 'accounts server' },
  recruitApi: { create: createRecruitApi, purpose: 'Recruit API' },
  apiDomain: { create: createApiDomain, purpose: 'API domain' },
}

/** Makes an emulator; nothing is opened until `listen`. */
export function createEmulator<const Id extends DataCenterId = 'us' | 'eu' | 'in'>(options: EmulatorOptions<Id> = {}): Emulator<Id> {
  const settings = settingsFrom(options)
  const ids = settings.dataCenters as readonly Id[]
  if (ids.length === 0 || !ids.every(isDataCenterId)) throw new RangeError('dataCenters: name at least one, such as us or eu.')
  const { clientName: name, redirectUris } = settings
  const client = createClient({ id: options.clientId, secret: options.clientSecret, name, redirectUris })

  const origins = new Map<DataCenterId, Origins>(ids.map((id) => [id, inProcessOrigins(id)]))
  const addresses = (id: DataCenterId) => addressesAt(origins.get(id) ?? inProcessOrigins(id))
  const world: World = { settings, client, clock: createClock(options.monotonicTime ?? monotonicTime), ledger: createLedger(), addresses }
  const stations = ids.flatMap((id) => serverRoles.map((role) => ({ id, role, server: servers[role].create({ world, dataCenter: id }) })))
  const dataCenters = () => Object.fromEntries(ids.map((id) => [id, addresses(id)])) as Record<Id, DataCenterAddresses>
  let listening: Listening | undefined

  return {
    ...createControls(world),
    client,
    get dataCenters() {
      return dataCenters()
    },
    async fetch(input, init) {
      const request = new Request(input, init)
      const { origin } = new URL(request.url)
      const found = stations.find(({ id, role }) => origins.get(id)?.[role] === origin || inProcessOrigins(id)[role] === origin)
      if (found === undefined) throw new TypeError(`fetch failed: the emulator has no server at ${origin}; see emulator.dataCenters.`)
      return found.server.fetch(request)
    },
    async listen({ port }) {
      if (listening !== undefined) throw new Error('The emulator listens already: close() it first.')
      const openings = stations.map(({ id, role, server }) => ({ purpose: `the ${id} ${servers[role].purpose}`, answer: server.fetch }))
      listening = await listenOn(port, openings)
      for (const [index, { id, role }] of stations.entries()) {
        origins.set(id, { ...(origins.get(id) ?? inProcessOrigins(id)), [role]: listening.origins[index] ?? '' })
      }
      return dataCenters()
    },
    async close() {
      const closing = listening
      listening = undefined
      for (const id of ids) origins.set(id, inProcessOrigins(id))
      await closing?.close()
    },
  }
}
