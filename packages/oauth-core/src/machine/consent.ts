import {
  abandonedTokens,
  normalizeScopes,
  type Attempt,
  type ConnectionRecord,
  type EpochMs,
  type Identity,
  type TokenSet,
} from '../domain/index.ts'
import { concluded, failed, isCounted, remembered, withoutOpenAttempts } from './attempts.ts'
import { announce, refuse, whyNone, type Effect } from './effects.ts'
import type { ConnectionEvent } from './events.ts'
import { book } from './governor.ts'

type Of<T extends ConnectionEvent['type']> = Extract<ConnectionEvent, { type: T }>
type Step = [ConnectionRecord, readonly Effect[]]

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
  const overtaken = record.attempts.find((one) => one.state === event.state && isOvertaken(one))
  if (overtaken) return abandoned(record, overtaken, event.tokens)
  const superseded = event.isDelayed && findSuperseded(record, event.state)
  if (superseded) return [withAbandoned(record, superseded, event.tokens), [connected]]
  const [{ identity: _identity, lease: _lease, coolDown: _coolDown, rejections: _rejections, ...kept }] = concluded(record, event.state, 'granted', now)
  const identity = event.identity ?? account
  const next: ConnectionRecord = {
    ...kept,
    status: 'active',
    since: now,
    principal: event.principal,
    tokens: event.tokens,
    requestedScopes: event.requestedScopes,
    budget: [],
    refreshTokens: (record.refreshTokens ?? 0) + (isCounted(record, event.state) ? 0 : 1),
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

/** Ended by a revocation or a `forgotten` before its grant arrived. */
const isOvertaken = ({ outcome }: Attempt): boolean =>
  outcome === 'failed' || outcome === 'overtaken' || outcome === 'abandoned'

/**
 * The refresh token of an attempt that was overtaken must not live on. It is stored in the same write that refuses the
 * grant, so that nothing but Zoho's confirmation removes it.
 */
const abandoned = (record: ConnectionRecord, attempt: Attempt, tokens: TokenSet): Step => {
  const refused = refuse('connection-revoked')
  if (attempt.outcome === 'abandoned') return [record, [refused]]
  const next = withAbandoned(record, attempt, tokens)
  const effects: Effect[] = [refused, failed('connection-revoked')]
  if (abandonedTokens(next).length > 0) effects.push({ type: 'callRevocationEndpoint', tokens })
  return [next, effects]
}

const withAbandoned = (record: ConnectionRecord, attempt: Attempt, tokens: TokenSet): ConnectionRecord => {
  const { dataCenter, refreshToken, refreshTokenId } = tokens
  return {
    ...record,
    attempts: record.attempts.map((one) => (one === attempt ? { ...one, outcome: 'abandoned' } : one)),
    abandoned: [...(record.abandoned ?? []), { dataCenter, refreshToken, refreshTokenId, budget: [] }],
    refreshTokens: (record.refreshTokens ?? 0) + (attempt.counted ? 0 : 1),
  }
}

/** The attempt of that state, if one that began after it has been granted. */
const findSuperseded = ({ attempts }: ConnectionRecord, state: string | undefined): Attempt | undefined => {
  const index = attempts.findIndex((one) => one.state === state)
  return attempts.slice(index + 1).some(({ outcome }) => outcome === 'granted') ? attempts[index] : undefined
}

/** The same where the store refused the grant, and the revocation that was tried at once did not succeed. */
export const grantAbandoned = (record: ConnectionRecord, event: Of<'grantAbandoned'>): Step => {
  const attempt = record.attempts.find((one) => one.state === event.state && one.outcome !== 'granted')
  if (!attempt || isStored(record, event)) return [record, []]
  const [next, effects] = abandoned(record, attempt, event.tokens)
  return [next, effects.filter(({ type }) => type === 'callRevocationEndpoint')]
}

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

/**
 * Our record goes; the hashes of callbacks used lately stay, so that none of them can be replayed into an empty place.
 * They are counted for nobody any more: whoever connects next starts with all attempts. Refresh tokens that waited for
 * their revocation go too: this is the way out where Zoho never confirms.
 */
export const forgotten = (record: ConnectionRecord, event: Of<'forgotten'>, now: EpochMs): Step => {
  if (event.refreshTokenId !== undefined && record.tokens?.refreshTokenId !== event.refreshTokenId) return [record, []]
  const attempts = remembered(withoutOpenAttempts(record).attempts, now).map((attempt) => {
    if (attempt.countedFor === undefined) return attempt
    const { countedFor: _countedFor, ...kept } = attempt
    return kept
  })
  const isForgotten = record.status === 'none' && record.principal === undefined && !record.abandoned?.length
  if (isForgotten && attempts.every((attempt) => record.attempts.includes(attempt))) return [record, []]
  return [{ status: 'none', attempts, budget: [] }, record.status === 'none' ? [] : [announce({ type: 'forgotten', was: record.status })]]
}

/** Two accounts differ when an id that both name differs. */
const differs = (before: Identity | undefined, after: Identity | undefined): boolean =>
  (['organizationId', 'userId'] as const).some((key) => before?.[key] !== undefined && after?.[key] !== undefined && before[key] !== after[key])

const isSame = (before: Identity | undefined, after: Identity): boolean =>
  before !== undefined && (['organizationId', 'organizationName', 'userId', 'userName'] as const).every((key) => before[key] === after[key])
