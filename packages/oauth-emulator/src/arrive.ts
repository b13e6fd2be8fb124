import type { DataCenterId, ServerRole } from './data-centers.ts'
import { strike } from './faults/kinds.ts'
import { allParameters } from './http/parameters.ts'
import type { Calls } from './ledger/ledger.ts'
import type { World } from './world.ts'

/** A request on its way to one of the servers. */
export interface Arrival {
  readonly world: World
  readonly dataCenter: DataCenterId
  readonly role: ServerRole
  readonly request: Request
  /** Aborts when nobody waits for the answer any longer. */
  readonly gone: AbortSignal
  /** Without a fault, what happens. */
  answer(request: Request): Response | Promise<Response>
}

/** The one way in: a request is counted, passes the faults, and reaches its server. */
export async function arrive({ world, dataCenter, role, request, gone, answer }: Arrival): Promise<Response> {
  const on = callOf(role, new URL(request.url).pathname)
  if (on === undefined) return answer(request)
  if (on !== 'authorize' || request.method === 'GET' || request.method === 'HEAD') world.ledger.calls[on] += 1
  if (!world.faults.mayStrike(on)) return answer(request)
  const grantType = on === 'token' ? await grantTypeOf(request.clone()) : undefined
  const fault = world.faults.strikes({ on, dataCenter, grantType })
  if (fault === undefined) return answer(request)
  return strike(fault, { settings: world.settings, gone, trueAnswer: async () => answer(request) })
}

/** What a request counts as; the emulator's own doors, serverinfo and unknown pages count as nothing and meet no fault. */
function callOf(role: ServerRole, path: string): keyof Calls | undefined {
  if (role !== 'accountsServer') return path.startsWith('/recruit/') ? 'api' : undefined
  return accountsCalls.get(path)
}

const accountsCalls: ReadonlyMap<string, keyof Calls> = new Map([
  ['/oauth/v2/auth', 'authorize'],
  ['/oauth/v2/token', 'token'],
  ['/oauth/v2/token/revoke', 'revoke'],
  ['/oauth/v2/revoke/token', 'revoke'],
])

/** A request that the token endpoint will refuse to read has none. */
async function grantTypeOf(request: Request): Promise<string | undefined> {
  try {
    return (await allParameters(request)).get('grant_type')
  } catch {
    return undefined
  }
}
