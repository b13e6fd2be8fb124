import { isPlausibleDeadline, ticketMs } from '../../domain/time.ts'
import {
  decodeUsedTickets,
  encodeUsedTickets,
  useTicket,
  type UsedTicket,
} from '../../domain/used-tickets.ts'
import type { ConnectionRef } from '../../config/options.ts'
import { RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import { sha256 } from '../../internal/crypto.ts'
import { open, seal } from '../../store/seal.ts'
import type { ClientContext } from '../context.ts'
import { prepareBinding, startRequest, type AuthorizationRequest } from './begin.ts'
import type { BrowserBinding } from './browser-binding.ts'
import { updateSharedRow, type SharedRow } from './shared-row.ts'

// A ticket is an authorization request that a page or a program started without the cookies of the
// browser that will finish it. It is sealed in a URL of the app. The browser opens the URL, the
// user confirms, and the request continues with a cookie as any other.

/** The contents of a ticket. */
export interface Ticket {
  readonly binding: BrowserBinding
  readonly displayName: string
}

const usedTicketsRow: SharedRow<readonly UsedTicket[]> = {
  id: '\x1ftickets',
  purpose: 'used-tickets',
  empty: [],
  encode: encodeUsedTickets,
  decode: decodeUsedTickets,
}

/** @throws like `prepareBinding` */
export const createTicket = async (
  client: ClientContext,
  ref: ConnectionRef & { readonly displayName: string },
  returnTo: string | undefined,
  returnToBase: string | undefined,
): Promise<string> => {
  const { keyRing, random } = client.config
  const binding = await prepareBinding(client, ref, { returnTo }, returnToBase)
  const ticket: Ticket = { binding: { ...binding, isByTicket: true }, displayName: ref.displayName }
  return seal(keyRing, random, 'connect-ticket', boundTo(client), JSON.stringify(ticket))
}

/**
 * Opens a ticket of this client that is at most five minutes old.
 * @throws `ticket-invalid`, `store-unavailable`
 */
export const openTicket = async (
  client: ClientContext,
  dangerousTicket: string,
): Promise<Ticket> => {
  const { config, repository } = client
  if (!config.connectTickets) throw ticketInvalid('The option `connectTickets` is not set.')
  const opened = await open(config.keyRing, 'connect-ticket', boundTo(client), dangerousTicket)
  if ('failure' in opened)
    throw ticketInvalid('The ticket was changed, or was made by another client.')
  // The text was sealed by this library, so its type is known.
  const ticket = JSON.parse(opened.text) as Ticket
  const { at, connection } = ticket.binding
  const now = repository.clock.now() ?? (await repository.read(connection)).now
  if (!isPlausibleDeadline(at + ticketMs, now, ticketMs))
    throw ticketInvalid('The ticket is older than five minutes.')
  return ticket
}

/**
 * Starts the request of a ticket in this browser. The use is stored, so that no other browser can
 * use the same ticket.
 * @param isSameBrowser whether the browser has the cookie of this request already
 * @throws `ticket-invalid`, `attempts-exhausted`, `store-unavailable`, `store-contended`
 */
export const redeemTicket = async (
  client: ClientContext,
  { binding }: Ticket,
  isSameBrowser: boolean,
): Promise<AuthorizationRequest> => {
  if (!isSameBrowser) {
    const stateHash = await sha256(binding.state)
    const principalHash = (await sha256(binding.principal)).slice(0, 16)
    await updateSharedRow(client, usedTicketsRow, (used, now) => {
      const use = useTicket(used, { stateHash, principalHash }, now)
      if (use.type === 'used-before') throw ticketInvalid('The ticket was used in another browser.')
      if (use.type === 'limited')
        throw new RecruitOAuthError('attempts-exhausted', { retryAt: use.retryAt })
      return use.used
    })
  }
  return startRequest(client, binding)
}

const boundTo = ({ config }: ClientContext): string[] => [config.clientId, config.redirectUri]

const ticketInvalid = (summary: string): RecruitOAuthError =>
  new RecruitOAuthError('ticket-invalid', { summary })
