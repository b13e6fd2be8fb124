import type { ErrorCode } from '../errors/index.ts'
import { attemptMemoryMs, normalizeScopes, type Attempt, type ConnectionRecord, type EpochMs, type Identity, type TokenSet } from '../domain/index.ts'
import { announce, refuse, whyNone, type Effect } from './effects.ts'
import type { ConnectionEvent } from './events.ts'
import { book } from './governor.ts'

type Of<T extends ConnectionEvent['type']> = Extract<ConnectionEvent, { type: T }>
type Step = [ConnectionRecord, readonly Effect[]]

const mostAttempts = 32

/** Attempts that are still remembered. One ahead of now comes from a clock that jumped, and is kept: forgetting allows a replay. */
export const remembered = (attempts: readonly Attempt[], now: EpochMs): Attempt[] =>
  attempts.filter((attempt) => attempt.at > now - attemptMemoryMs)

/** A callback is used once: its state is stored before its code is sent anywhere. */
export const attemptBegan = (record: ConnectionRecord, event: Of<'attemptBegan'>, now: EpochMs): Step => {
  const attempts = remembered(record.attempts, now)
  const used = record.attempts.find((attempt) => attempt.state === event.state)
  if (used) return [record, [used.id !== undefined && used.id === event.id && !used.outcome ? { type: 'exchangeCode' } : refuse('callback-replayed')]]
  const oldest = attempts[0]
  // Zoho allows ten codes in ten minutes for a whole client: more than this in thirty is nobody's honest use.
  if (oldest && attempts.length >= mostAttempts) return [record, [refuse('consent-failed', oldest.at + attemptMemoryMs)]]
  const begun = { ...record, principal: record.principal ?? event.principal, attempts: [...attempts, { state: event.state, at: now, id: event.id }] }
  return [begun, [{ type: 'exchangeCode' }]]
}

/**
 * The grant is stored over whatever was there, also over `revoking`: the newer consent is what the user wants now. A
 * revocation that was asked for while the code was being exchanged is newer, and stands.
 */
export const granted = (record: ConnectionRecord, event: Of<'granted'>, now: EpochMs): Step => {
  const connected = announce({ type: 'connected', dataCenter: event.tokens.dataCenter, scopes: event.tokens.scopes })
  if (isStored(record, event)) return [record, [record.status === 'active' ? connected : refuse(whyNone(record.status))]]
  const disconnected = record.status === 'revoking' || record.status === 'revoked'
  // Who disconnected may connect another account.
  const account = disconnected ? undefined : record.identity
  // Before the next question: told again, it is refused for the same reason.
  if (!event.allowAccountSwitch && differs(account, event.identity)) {
    const [ended] = concluded(record, event.state, 'failed', now)
    return [ended, [refuse('account-switched'), failed('account-switched')]]
  }
  if (record.attempts.some((one) => one.state === event.state && one.outcome === 'failed')) {
    return [record, [refuse('connection-revoked'), failed('connection-revoked')]]
  }
  const [{ identity: _identity, lease: _lease, coolDown: _coolDown, rejected: _rejected, ...kept }] = concluded(record, event.state, 'granted', now)
  const identity = event.identity ?? account
  const next: ConnectionRecord = {
    ...kept,
    status: 'active',
    since: now,
    principal: event.principal,
    tokens: event.tokens,
    requestedScopes: event.requestedScopes,
    budget: [],
    refreshTokens: (record.refreshTokens ?? 0) + (isLost(record, event.state) ? 0 : 1),
    ...(identity?.organizationId ?? identity?.userId ? { identity } : {}),
  }
  return [next, [connected, ...piling(next)]]
}

/** Zoho's twenty-first refresh token of a user kills the first, in silence. @see https://www.zoho.com/recruit/developer-guide/apiv2/refresh.html */
const manyRefreshTokens = 15

const piling = ({ refreshTokens = 0 }: ConnectionRecord): Effect[] => (refreshTokens < manyRefreshTokens ? [] : [announce({ type: 'refresh-tokens-piling', refreshTokens })])

/** Zoho gave the client a code: told of the client's own row, which is no connection. */
export const codeGiven = (record: ConnectionRecord, _event: Of<'codeGiven'>, now: EpochMs): Step =>
  record.status === 'none' ? [{ ...record, budget: book(record.budget, 1, now) }, []] : [record, []]

/**
 * Was this very grant stored before? Its writer tells it again when the acknowledgement was lost; stored twice, it would
 * undo a revocation that came in between.
 */
const isStored = (record: ConnectionRecord, { state, tokens }: { readonly state?: string; readonly tokens: TokenSet }): boolean =>
  record.tokens?.refreshTokenId === tokens.refreshTokenId ||
  record.attempts.some((attempt) => attempt.state === state && attempt.outcome === 'granted')

/** A consent that failed leaves the connection as it was. */
export const attemptFailed = (record: ConnectionRecord, event: Of<'attemptFailed'>, now: EpochMs): Step => {
  const [next, changed] = concluded(record, event.state, 'failed', now)
  if (!changed) return [record, []]
  const left = leavesRefreshToken.has(event.code) && !isLost(record, event.state)
  return [left ? { ...next, refreshTokens: (record.refreshTokens ?? 0) + 1 } : next, [failed(event.code)]]
}

/** Zoho made a refresh token then, or may have, and nobody has it: it counts among Zoho's twenty. */
const leavesRefreshToken = new Set<ErrorCode>(['account-unread', 'exchange-outcome-unknown'])

/** Given up for lost, and counted then. */
const isLost = ({ attempts }: ConnectionRecord, state: string | undefined): boolean =>
  attempts.some((one) => one.state === state && one.outcome === 'lost')

export const imported = (record: ConnectionRecord, event: Of<'imported'>, now: EpochMs): Step => {
  if ((record.status === 'active' || record.status === 'revoking') && !isStored(record, event)) return [record, [refuse('already-connected')]]
  return granted(record, { type: 'granted', principal: event.principal, tokens: event.tokens, requestedScopes: event.tokens.scopes, allowAccountSwitch: true }, now)
}

export const identified = (record: ConnectionRecord, event: Of<'identified'>): Step =>
  record.status === 'active' && record.tokens?.refreshTokenId === event.refreshTokenId && !isSame(record.identity, event.identity)
    ? [{ ...record, identity: event.identity }, []]
    : [record, []]

/** Incremental authorization: the same refresh token can do more. @see https://www.zoho.com/accounts/protocol/oauth/incremental-auth/initiation-request.html */
export const scopesGranted = (record: ConnectionRecord, event: Of<'scopesGranted'>): Step => {
  if (record.status !== 'active' || record.tokens?.refreshTokenId !== event.refreshTokenId) return [record, []]
  const scopes = normalizeScopes([...record.tokens.scopes, ...event.scopes])
  const next = scopes.every((scope) => record.tokens?.scopes.includes(scope)) ? record : { ...record, tokens: { ...record.tokens, scopes } }
  return [next, [announce({ type: 'connected', dataCenter: record.tokens.dataCenter, scopes })]]
}

/** Exchanges that are under way are overtaken: what they bring is not stored. */
export const withoutOpenAttempts = (record: ConnectionRecord): ConnectionRecord =>
  record.attempts.some(isOpen) ? { ...record, attempts: record.attempts.map((attempt) => (isOpen(attempt) ? { ...attempt, outcome: 'failed' } : attempt)) } : record

/** May it still bring a grant? One that is given up for lost may, if its process was only paused. */
const isOpen = ({ outcome }: Attempt): boolean => !outcome || outcome === 'lost'

/** Our record goes; the hashes of callbacks used lately stay, so that none of them can be replayed into an empty place. */
export const forgotten = (record: ConnectionRecord, event: Of<'forgotten'>, now: EpochMs): Step => {
  if (event.refreshTokenId !== undefined && record.tokens?.refreshTokenId !== event.refreshTokenId) return [record, []]
  const attempts = remembered(withoutOpenAttempts(record).attempts, now)
  if (record.status === 'none' && record.principal === undefined && attempts.every((attempt) => record.attempts.includes(attempt))) return [record, []]
  return [{ status: 'none', attempts, budget: [] }, record.status === 'none' ? [] : [announce({ type: 'forgotten', was: record.status })]]
}

export const failed = (code: ErrorCode): Effect => announce({ type: 'consent-failed', code })

/** Ends the attempt of that state, if it is there and open. */
const concluded = (record: ConnectionRecord, state: string | undefined, outcome: 'granted' | 'failed', now: EpochMs): [ConnectionRecord, boolean] => {
  const open = record.attempts.find((attempt) => attempt.state === state && isOpen(attempt))
  if (!open) return [record, false]
  return [{ ...record, attempts: remembered(record.attempts, now).map((attempt) => (attempt === open ? { ...attempt, outcome } : attempt)) }, true]
}

/** Two accounts differ when an id that both name differs. */
const differs = (before: Identity | undefined, after: Identity | undefined): boolean =>
  (['organizationId', 'userId'] as const).some((key) => before?.[key] !== undefined && after?.[key] !== undefined && before[key] !== after[key])

const isSame = (before: Identity | undefined, after: Identity): boolean =>
  before !== undefined && (['organizationId', 'organizationName', 'userId', 'userName'] as const).every((key) => before[key] === after[key])
