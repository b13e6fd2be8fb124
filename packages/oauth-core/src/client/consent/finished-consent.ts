import type { ConnectionRef } from '../../config/options.ts'
import type { ConnectionId } from '../../domain/record.ts'
import { timeBudget } from '../../domain/time.ts'
import type { ErrorCode } from '../../errors/codes.ts'
import { sleep } from '../../internal/async.ts'
import type { ClientContext } from '../context.ts'
import type { CallbackCookies } from './callback-cookies.ts'
import { userErrorOf } from './callback-user.ts'

/** The errors of a callback whose consent may have finished before. */
const repeatedCallbackCodes = new Set<ErrorCode>([
  'callback-unbound',
  'callback-expired',
  'callback-replayed',
])

const pollMs = 200

/**
 * Has the consent of this state finished, and is its connection active? Then the callback is only a
 * repetition: after a double click, a reload, or Back and Accept. If another request is exchanging
 * the code, this function waits for it.
 *
 * The connection is that of the cookie, if its user is signed in. Without the cookie, it is that of
 * the signed-in user.
 */
export const hasFinished = async (
  client: ClientContext,
  { binding, stateHash }: CallbackCookies,
  code: ErrorCode,
  findConnection: () => Promise<ConnectionRef | undefined>,
): Promise<boolean> => {
  if (!repeatedCallbackCodes.has(code)) return false
  const { config } = client
  const isWrongUser = binding && (await userErrorOf(config, findConnection, binding, false))
  if (isWrongUser) return false
  const id: ConnectionId | undefined = binding?.connection ?? (await findConnection())?.id
  if (id === undefined) return false
  // Callers that wait for the same exchange share the reads of the store.
  return client.inFlightConsents.join({
    id,
    key: stateHash,
    start: () => waitForOutcome(client, id, stateHash),
    waitUntil: config.waitUntil,
    onTimeout: () => false,
  })
}

const waitForOutcome = async (
  { config, repository }: ClientContext,
  id: ConnectionId,
  stateHash: string,
): Promise<boolean> => {
  const deadline = config.monotonic() + timeBudget.exchangeMs
  while (true) {
    const { record } = await repository.read(id)
    const attempt = record.attempts.find((used) => used.stateHash === stateHash)
    const isOpen = attempt !== undefined && attempt.outcome === undefined
    if (!isOpen) return record.status === 'active' && attempt?.outcome === 'granted'
    if (config.monotonic() >= deadline) return false
    await sleep(pollMs)
  }
}
