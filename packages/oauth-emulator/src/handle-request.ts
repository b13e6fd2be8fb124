import { refuseRequest } from './access/origin.ts'
import type { DataCenterId, ServerRole } from './data-centers.ts'
import type { Fault } from './faults/fault.ts'
import { applyFault } from './faults/kinds.ts'
import { protect, refusal } from './http/answers.ts'
import { allParameters } from './http/parameters.ts'
import { answerWord } from './journal/answer-word.ts'
import type { Called } from './journal/entry.ts'
import { lastSix } from './journal/journal.ts'
import type { Calls } from './ledger/ledger.ts'
import type { EmulatorState } from './state.ts'

/** A request on its way to one of the servers. */
export interface IncomingRequest {
  readonly world: EmulatorState
  readonly dataCenter: DataCenterId
  readonly role: ServerRole
  readonly request: Request
  /** Aborts when nobody waits for the answer any longer. */
  readonly gone: AbortSignal
  /** Without a fault, what happens. */
  answer(request: Request): Response | Promise<Response>
}

/**
 * The one way in. What a website could send is refused first: it is not counted, enters no journal
 * and meets no fault.
 */
export async function handleRequest(arrival: IncomingRequest): Promise<Response> {
  const refused = refuseRequest(arrival.request, arrival.role)
  return protect(refused === undefined ? await admit(arrival) : refusal(refused))
}

/** A request is counted and written down, passes the faults, and reaches its server. */
async function admit(arrival: IncomingRequest): Promise<Response> {
  const { world, dataCenter, role: server, request } = arrival
  const { journal } = world.ledger
  const path = new URL(request.url).pathname
  if (server === 'accountsServer' && /^\/_emulator(\/|$)/.test(path)) return arrival.answer(request)
  const { method } = request
  const called: Called = {
    event: 'called',
    server,
    method,
    path: shown(path),
    grantType: null,
    status: null,
    answer: 'waiting',
    fault: null,
  }
  const entry = journal.add({ at: world.clock.now(), dataCenter, ...called })

  const on = callOf(server, path)
  if (on !== undefined && (on !== 'authorize' || method === 'GET' || method === 'HEAD'))
    world.ledger.calls[on] += 1
  const grantType = on === 'token' ? await grantTypeOf(request) : null
  const fault =
    on === undefined
      ? undefined
      : world.faults.strikes({ on, dataCenter, grantType: grantType ?? undefined, path })
  journal.complete(entry, { grantType, fault: fault?.kind ?? null })
  try {
    const { answer, word } = await answered(arrival, fault)
    journal.complete(entry, { status: answer.status, answer: word })
    return answer
  } catch (error) {
    journal.complete(entry, { answer: 'no answer' })
    throw error
  }
}

/**
 * The answer and its word; of an answer that a fault spoils on its way, the word that it had
 * before.
 */
async function answered(
  { world, request, gone, answer }: IncomingRequest,
  fault: Fault | undefined,
): Promise<{ answer: Response; word: string }> {
  let word: string | undefined
  const trueAnswer = async () => {
    const unspoilt = await answer(request)
    word = await answerWord(unspoilt)
    return unspoilt
  }
  const sent =
    fault === undefined
      ? await trueAnswer()
      : await applyFault(fault, { settings: world.settings, gone, trueAnswer })
  return { answer: sent, word: word ?? (await answerWord(sent)) }
}

/** What a request counts as; serverinfo and unknown pages count as nothing and meet no fault. */
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
async function grantTypeOf(request: Request): Promise<Called['grantType']> {
  try {
    const sent = (await allParameters(request)).get('grant_type')
    if (sent === undefined) return null
    return sent === 'authorization_code' || sent === 'refresh_token' ? sent : 'unknown'
  } catch {
    return null
  }
}

/** A path as it may be seen: not endless, and no token in it. */
function shown(path: string): string {
  return path
    .replace(/1000\.[0-9a-f]{32}\.[0-9a-f]{32}/gi, (token) => `…${lastSix(token)}`)
    .slice(0, 200)
}
