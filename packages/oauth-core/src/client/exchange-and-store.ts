import { errorTable, isRecruitOAuthError, RecruitOAuthError } from '../errors/index.ts'
import { timeBudget, type ConnectionId, type DataCenterId, type Identity, type Status, type TokenSet } from '../domain/index.ts'
import { requestIdentity, revokeToken, sleep, type Outcome, type TokenAnswer } from '../wire/index.ts'
import { callTo, randomId, refusalIn, remember, type Engine } from './engine.ts'
import { noteApiDomain, tokenSetFacts } from './token-set.ts'

/** One code, and what it is exchanged for. `state` names it: the SHA-256 of the OAuth state, or of a Self Client code. */
interface Attempt {
  readonly connection: ConnectionId
  readonly principal: string
  readonly dataCenter: DataCenterId
  readonly scopes: readonly string[]
  readonly state: string
}

/** The attempt is stored first: the code is not spent on a store that can't be written, and nobody sends it twice. */
export const exchangeAndStore = async (engine: Engine, exchange: () => Promise<Outcome<TokenAnswer>>, attempt: Attempt): Promise<void> => {
  const { connection, principal, state, dataCenter } = attempt
  const began = await engine.records.commit(connection, { type: 'attemptBegan', state, id: randomId(engine), principal })
  const refusal = refusalIn(began.effects)
  if (refusal) throw refusal
  const sentAt = engine.records.clock.now() as number
  let outcome = await exchange()
  // Sent again only where it is proven that nothing was sent: a code works once.
  if (!outcome.ok && !outcome.failure.mayHaveArrived && outcome.calls > 0) outcome = await exchange()
  if (!outcome.ok) throw await failed(engine, attempt, exchangeError(outcome, attempt))
  const { refreshToken, ...answer } = outcome.value
  if (!refreshToken) throw await failed(engine, attempt, new RecruitOAuthError('refresh-token-missing', { dataCenter }))
  noteApiDomain(engine, connection, dataCenter, answer.apiDomain)
  const tokens: TokenSet = { dataCenter, scopes: answer.scopes ?? attempt.scopes, refreshToken, refreshTokenId: randomId(engine), ...tokenSetFacts(engine, answer, sentAt) }
  const account = () => requestIdentity(callTo(engine, dataCenter, timeBudget.identityMs), answer.accessToken, attempt.scopes)
  // Nothing stands between a first grant and the store. Over a known account a new one is looked at first: until then the old one serves.
  const compares = isServing(began.record.status) && began.record.identity && !engine.config.allowAccountSwitch
  const identity = compares ? await account() : {}
  if (!identity) throw await failed(engine, attempt, new RecruitOAuthError('account-unread', { dataCenter }))
  await store(engine, attempt, tokens, identity, began.record.tokens !== undefined)
  if (!compares) await identify(engine, connection, tokens, await account())
}

/** Who disconnected may connect another account. */
const isServing = (status: Status): boolean => status === 'active' || status === 'needs-consent'

/** Who was connected is told of as soon as it is known. That it is not is no reason to refuse a first consent. */
const identify = async (engine: Engine, id: ConnectionId, { refreshTokenId }: TokenSet, identity: Identity = {}): Promise<void> => {
  if (!Object.keys(identity).length) return
  const identified = await engine.records.commit(id, { type: 'identified', refreshTokenId, identity }).catch(() => undefined)
  if (identified) remember(engine, id, identified)
}

/** @param stoodBefore a token set stood there: then a new one that can't be stored is left alone, because revoking it could revoke the whole grant */
const store = async (engine: Engine, attempt: Attempt, tokens: TokenSet, identity: Identity, stoodBefore: boolean): Promise<void> => {
  const { connection, principal, state, scopes, dataCenter } = attempt
  const event = { type: 'granted', principal, tokens, requestedScopes: scopes, state, identity, allowAccountSwitch: engine.config.allowAccountSwitch } as const
  // Point of no return: Zoho has issued a refresh token. It is stored, or given back, or at least told of.
  try {
    const stored = await persistently(engine, () => engine.records.commit(connection, event))
    remember(engine, connection, stored)
    const refusal = refusalIn(stored.effects, dataCenter)
    if (refusal) throw refusal
  } catch (error) {
    const code = isRecruitOAuthError(error) ? error.code : undefined
    const errors = isRecruitOAuthError(error) ? [error] : []
    // That of another account is left alone too: another connection may live on the same grant.
    if (code === 'connection-revoked' || !stoodBefore) {
      const compensation = await revokeToken(callTo(engine, dataCenter, timeBudget.commitMs), tokens.refreshToken)
      if (!compensation.ok) errors.push(new RecruitOAuthError('revocation-failed', { dataCenter }))
    }
    throw new RecruitOAuthError(code === 'connection-revoked' || code === 'account-switched' ? code : 'grant-not-stored', { dataCenter, errors })
  }
}

/** A store that failed once is asked again while the budget for storing lasts; a grant that was stored after all is known by the machine. */
const persistently = async <T>({ config }: Engine, work: () => Promise<T>): Promise<T> => {
  const deadline = config.monotonic() + timeBudget.commitMs
  for (let pauseMs = 100; ; pauseMs *= 2) {
    try {
      return await work()
    } catch (error) {
      const passing = isRecruitOAuthError(error) && error.remedy === 'retry'
      if (!passing || config.monotonic() + pauseMs > deadline) throw error
    }
    await sleep(pauseMs)
  }
}

/** The attempt is closed as well as the store allows; the first error is the one that is told. */
const failed = async (engine: Engine, { connection, state }: Attempt, error: RecruitOAuthError): Promise<RecruitOAuthError> => {
  await engine.records.commit(connection, { type: 'attemptFailed', state, code: error.code }).catch(() => {})
  return error
}

const outcomeUnknown = new Set(['accounts-server-timed-out', 'accounts-server-unreachable', 'answer-malformed', 'accounts-server-unavailable'])

const exchangeError = (outcome: Extract<Outcome<TokenAnswer>, { ok: false }>, { dataCenter }: Attempt): RecruitOAuthError => {
  const { code, status, mayHaveArrived } = outcome.failure
  if (mayHaveArrived && outcomeUnknown.has(code)) return new RecruitOAuthError('exchange-outcome-unknown', { dataCenter, status })
  // A code is sent once, whatever became of it: trying again begins at the beginning.
  const again = errorTable[code].remedy === 'retry'
  return new RecruitOAuthError(code, { dataCenter, status, ...(again && { remedy: 'ask-consent', cure: 'Start again from /connect, in some minutes.' }) })
}
