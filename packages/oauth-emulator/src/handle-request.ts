import { refuseRequest } from './access/origin.ts'
import type { DataCenterId, ServerKind } from './data-centers.ts'
import type { Fault } from './faults/fault.ts'
import { applyFault } from './faults/kinds.ts'
import { protect, refusal } from './http/responses.ts'
import { allParameters } from './http/parameters.ts'
import { responseLabel } from './journal/response-label.ts'
import type { Called } from './journal/entry.ts'
import { lastSix } from './journal/journal.ts'
import type { Calls } from './ledger/ledger.ts'
import type { EmulatorState } from './state.ts'

/** A request to one of the servers. */
export interface IncomingRequest {
  readonly state: EmulatorState
  readonly dataCenter: DataCenterId
  readonly server: ServerKind
  readonly request: Request
  /** Aborts when the caller no longer waits for the response. */
  readonly signal: AbortSignal
  /** Handles the request when no fault applies. */
  handle(request: Request): Response | Promise<Response>
}

/**
 * Handles every request. Requests that a website could send are refused first: they are neither
 * counted nor recorded in the journal, and no fault applies to them.
 */
export async function handleRequest(incoming: IncomingRequest): Promise<Response> {
  const refused = refuseRequest(incoming.request, incoming.server)
  return protect(refused === undefined ? await processRequest(incoming) : refusal(refused))
}

/** Counts and records a request, applies a fault if one matches, and calls the server. */
async function processRequest(incoming: IncomingRequest): Promise<Response> {
  const { state, dataCenter, server, request } = incoming
  const { journal } = state.ledger
  const path = new URL(request.url).pathname
  if (server === 'accountsServer' && /^\/_emulator(\/|$)/.test(path))
    return incoming.handle(request)
  const { method } = request
  const called: Called = {
    event: 'called',
    server,
    method,
    path: redactPath(path),
    grantType: null,
    status: null,
    response: 'waiting',
    fault: null,
  }
  const entry = journal.add({ at: state.clock.now(), dataCenter, ...called })

  const kind = callKind(server, path)
  // The form of the consent page is posted to the path of the authorization request.
  const isConsentForm = kind === 'authorize' && method !== 'GET' && method !== 'HEAD'
  if (kind !== undefined && !isConsentForm) state.ledger.calls[kind] += 1
  const grantType = kind === 'token' ? await readGrantType(request) : null
  const selectors = { dataCenter, grantType: grantType ?? undefined, path }
  const fault =
    kind === undefined ? undefined : state.faults.takeMatching({ on: kind, ...selectors })
  journal.complete(entry, { grantType, fault: fault?.kind ?? null })
  try {
    const { response, label } = await respond(incoming, fault)
    journal.complete(entry, { status: response.status, response: label })
    return response
  } catch (error) {
    journal.complete(entry, { response: 'no response' })
    throw error
  }
}

/**
 * The response and its label in the journal. If a fault corrupts a response, the label describes
 * the response before the corruption.
 */
async function respond(
  { state, request, signal, handle }: IncomingRequest,
  fault: Fault | undefined,
): Promise<{ response: Response; label: string }> {
  let label: string | undefined
  const respondNormally = async () => {
    const response = await handle(request)
    label = await responseLabel(response)
    return response
  }
  const sent =
    fault === undefined
      ? await respondNormally()
      : await applyFault(fault, { settings: state.settings, signal, respondNormally })
  return { response: sent, label: label ?? (await responseLabel(sent)) }
}

/**
 * The kind of a request, by which the emulator counts it and selects faults. Requests for
 * `/oauth/serverinfo` and for unknown pages have no kind: they are not counted, and no fault
 * applies.
 */
function callKind(server: ServerKind, path: string): keyof Calls | undefined {
  if (server !== 'accountsServer') return path.startsWith('/recruit/') ? 'api' : undefined
  return accountsCalls.get(path)
}

const accountsCalls: ReadonlyMap<string, keyof Calls> = new Map([
  ['/oauth/v2/auth', 'authorize'],
  ['/oauth/v2/token', 'token'],
  ['/oauth/v2/token/revoke', 'revoke'],
  ['/oauth/v2/revoke/token', 'revoke'],
])

/** The grant type, or `null` if it is missing or the body cannot be parsed. */
async function readGrantType(request: Request): Promise<Called['grantType']> {
  try {
    const sent = (await allParameters(request)).get('grant_type')
    if (sent === undefined) return null
    return sent === 'authorization_code' || sent === 'refresh_token' ? sent : 'unknown'
  } catch {
    return null
  }
}

/** Shortens a path and removes tokens from it, so that the journal may show it. */
function redactPath(path: string): string {
  return path
    .replace(/1000\.[0-9a-f]{32}\.[0-9a-f]{32}/gi, (token) => `…${lastSix(token)}`)
    .slice(0, 200)
}
