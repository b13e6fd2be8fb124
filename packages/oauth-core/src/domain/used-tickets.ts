import { ownProperties, parseJsonObject } from '../internal/json.ts'
import { authorizationRequestMs, clockSlackMs, type EpochMs } from './time.ts'

/** A ticket that a browser has used. */
export interface UsedTicket {
  /** The hash of the state of its authorization request. */
  readonly stateHash: string
  /** The hash of the principal, whose uses are limited. */
  readonly principalHash: string
  readonly at: EpochMs
}

/** How many tickets one principal may use in ten minutes. */
const maxPerPrincipal = 10
/** Limits the size of the row. */
const maxUsedTickets = 500

export type TicketUse =
  | { readonly type: 'accepted'; readonly used: readonly UsedTicket[] }
  | { readonly type: 'used-before' }
  /** There were too many uses. Another one is possible at `retryAt`. */
  | { readonly type: 'limited'; readonly retryAt: EpochMs }

/**
 * Records that a ticket is used now. A use is kept for ten minutes, which is longer than a ticket
 * is valid. No use is dropped before, because its ticket could then be used in another browser.
 */
export const useTicket = (
  used: readonly UsedTicket[],
  { stateHash, principalHash }: Omit<UsedTicket, 'at'>,
  now: EpochMs,
): TicketUse => {
  if (used.some((ticket) => ticket.stateHash === stateHash)) return { type: 'used-before' }
  const recent = used.filter(
    ({ at }) => at > now - authorizationRequestMs && at <= now + clockSlackMs,
  )
  const ofPrincipal = recent.filter((ticket) => ticket.principalHash === principalHash)
  const limiting = ofPrincipal.at(-maxPerPrincipal) ?? recent.at(-maxUsedTickets)
  if (limiting) return { type: 'limited', retryAt: limiting.at + authorizationRequestMs }
  return { type: 'accepted', used: [...recent, { stateHash, principalHash, at: now }] }
}

export const encodeUsedTickets = (used: readonly UsedTicket[]): string => JSON.stringify({ used })

/** `undefined` if the text is not a list of used tickets. */
export const decodeUsedTickets = (text: string): readonly UsedTicket[] | undefined => {
  const used = parseJsonObject(text)?.('used')
  return Array.isArray(used) && used.length <= maxUsedTickets && used.every(isUsedTicket)
    ? used
    : undefined
}

const isUsedTicket = (value: unknown): value is UsedTicket => {
  const property = ownProperties(value)
  return (
    typeof property?.('stateHash') === 'string' &&
    typeof property('principalHash') === 'string' &&
    Number.isSafeInteger(property('at'))
  )
}
