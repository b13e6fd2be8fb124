import { RecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import { isId, type ClientContext } from '../client/context.ts'
import { invalidOption } from '../config/invalid-option.ts'
import type { ConnectionRef } from '../config/options.ts'
import type { WaitUntil } from '../config/host.ts'

/**
 * What the routes need to know: the client, and the app's answer to "who is this?", bound to the
 * request at hand.
 */
export interface RouteContext {
  readonly client: ClientContext
  readonly request: Request
  readonly connectionFor: () => Promise<ConnectionRef | undefined>
  readonly waitUntil: WaitUntil
}

/**
 * The app's answer, checked; `undefined` when nobody is signed in. @throws `configuration-invalid`
 */
export const findConnection = async ({
  connectionFor,
}: RouteContext): Promise<ConnectionRef | undefined> => {
  const ref = await connectionFor()
  if (!ref) return undefined
  // Read once: the checked values are the values that are used.
  const { id, principal, dataCenter } = ref
  if (!isId(id) || !isId(principal))
    throw invalidOption('connectionFor', 'answered without a usable `id` and `principal`')
  return { id, principal, dataCenter }
}

/** @throws `principal-missing`, `configuration-invalid` */
export const resolveConnection = async (context: RouteContext): Promise<ConnectionRef> => {
  const ref = await findConnection(context)
  if (!ref) throw new RecruitOAuthError('principal-missing')
  return ref
}
