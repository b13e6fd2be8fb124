import { errorCodes, type ErrorCode } from '../../errors/codes.ts'
import { isRecruitOAuthError, RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import type { DataCenterId } from '../../domain/data-centers.ts'
import { compareAccounts, describeFailure, hasAccountId } from '../../domain/identity.ts'
import type {
  ConnectionId,
  ConnectionRecord,
  Identity,
  Status,
  TokenSet,
} from '../../domain/record.ts'
import { timeBudget } from '../../domain/time.ts'
import { toErrorCode } from '../../endpoints/error-codes.ts'
import { requestIdentity } from '../../endpoints/identity.ts'
import type { EndpointFailure, Outcome, TokenResponse } from '../../endpoints/outcome.ts'
import {
  endpointCall,
  randomId,
  refusalError,
  cacheRecord,
  type ClientContext,
} from '../context.ts'
import { storeGrant } from './store-grant.ts'
import { checkApiDomain, toAccessToken } from '../tokens/token-set.ts'

/** The exchange of one code for a connection. */
export interface ExchangeAttempt {
  readonly connection: ConnectionId
  readonly principal: string
  readonly dataCenter: DataCenterId
  readonly scopes: readonly string[]
  /** Identifies the attempt: the SHA-256 of the OAuth state, or of a Self Client code. */
  readonly stateHash: string
  /**
   * Hash of the principal that this attempt counts for. Absent for a Self Client code, which comes
   * from the app itself.
   */
  readonly limitedPrincipal?: string
  /** The code comes from Zoho's API console. */
  readonly isSelfClient?: boolean
}

/**
 * Stores the attempt, exchanges the code, stores the grant. The attempt is stored first, so that no
 * code is sent while the store fails, and no later attempt sends the same code again.
 */
export const exchangeAndStore = async (
  client: ClientContext,
  sendCode: () => Promise<Outcome<TokenResponse>>,
  attempt: ExchangeAttempt,
): Promise<void> => {
  const { connection, principal, stateHash, dataCenter, limitedPrincipal } = attempt
  const attemptId = randomId(client)
  const started = await client.repository.apply(connection, {
    type: 'exchangeStarted',
    stateHash,
    id: attemptId,
    principal,
    limitedPrincipal,
  })
  const refusal = refusalError(started.decision)
  if (refusal) throw refusal
  // The clock has a time, because the store has just answered.
  const sentAt = client.repository.clock.now() as number
  let outcome = await sendCode()
  // A code works once, so it is sent again only if the first request certainly was not sent. If no
  // request was tried, because no client secret is configured, another try would fail too.
  const canSendAgain = !outcome.ok && !outcome.failure.requestMayHaveBeenSent && outcome.calls > 0
  if (canSendAgain) outcome = await sendCode()
  if (!outcome.ok)
    return failAttempt(client, attempt, exchangeError(client, outcome.failure, dataCenter))
  const { refreshToken, ...response } = outcome.value
  if (!refreshToken) {
    const error = new RecruitOAuthError('refresh-token-missing', { dataCenter })
    return failAttempt(client, attempt, error)
  }
  checkApiDomain(client, connection, dataCenter, response.apiDomain)
  const tokens: TokenSet = {
    dataCenter,
    scopes: response.scopes ?? attempt.scopes,
    refreshToken,
    refreshTokenId: randomId(client),
    accessToken: toAccessToken(client, response, sentAt),
    apiDomain: response.apiDomain,
    ...(attempt.isSelfClient && { selfClient: true }),
  }
  const readAccount = async () => {
    const call = endpointCall(client, dataCenter, timeBudget.identityMs)
    // The requested scopes, not the granted ones: a consent with fewer scopes must not avoid the
    // comparison.
    const reading = await requestIdentity(call, response.accessToken, attempt.scopes)
    const { failures } = reading
    if (failures.length > 0)
      client.config.onEvent({ type: 'identity-incomplete', connection, dataCenter, failures })
    return reading
  }
  const { record } = started
  const { allowAccountSwitch } = client.config
  const store = (identity?: Identity) =>
    storeGrant(client, attempt, tokens, identity, record.tokens !== undefined)
  let knownAccount = accountToCompare(record)
  if (!knownAccount || allowAccountSwitch === true) {
    // Nothing is compared, so the grant is stored before its account is read.
    const isStored = await unlessAccountUnread(store())
    if (isStored) return storeIdentity(client, connection, tokens, (await readAccount()).identity)
    knownAccount = accountToCompare((await client.repository.read(connection)).record)
  }
  // The old token set stays in use until the new account is known to be the same.
  const { identity, failures } = await readAccount()
  const comparison = compareAccounts(knownAccount ?? {}, identity, allowAccountSwitch)
  // Without a failure, the scopes do not allow reading what would have to be compared.
  if (comparison === 'unknown' && failures.length > 0) {
    const reasons = failures.map(describeFailure).join(', ')
    const error = new RecruitOAuthError('account-unread', {
      dataCenter,
      summary: `It is unknown whether the same Zoho account was connected before: ${reasons}.`,
    })
    return failAttempt(client, attempt, error)
  }
  await store(identity)
}

/** `false`: another consent was stored meanwhile, so the accounts must be compared first. */
const unlessAccountUnread = async (stored: Promise<void>): Promise<boolean> => {
  try {
    await stored
    return true
  } catch (error) {
    if (isRecruitOAuthError(error) && error.code === 'account-unread') return false
    throw error
  }
}

/**
 * The account that a new consent is compared with. After a disconnection, or while no id of the
 * account is known, any account may connect.
 */
const accountToCompare = ({ status, identity }: ConnectionRecord): Identity | undefined =>
  hasLiveGrant(status) && identity && hasAccountId(identity) ? identity : undefined

/** Does the connection have a consent? */
const hasLiveGrant = (status: Status): boolean => status === 'active' || status === 'needs-consent'

/** Stores the identity. The consent succeeds even if the identity cannot be read or stored. */
const storeIdentity = async (
  client: ClientContext,
  id: ConnectionId,
  { refreshTokenId }: TokenSet,
  identity: Identity,
): Promise<void> => {
  if (Object.keys(identity).length === 0) return
  const identified = await client.repository
    .apply(id, { type: 'identified', refreshTokenId, identity })
    .catch(() => undefined)
  if (identified) cacheRecord(client, id, identified)
}

/** Closes the attempt and throws the error. A failure of the store does not replace this error. */
const failAttempt = async (
  client: ClientContext,
  { connection, stateHash }: ExchangeAttempt,
  error: RecruitOAuthError,
): Promise<never> => {
  await client.repository
    .apply(connection, {
      type: 'attemptFailed',
      stateHash,
      code: error.code,
      zohoError: error.zohoError,
    })
    .catch(() => {})
  throw error
}

/** After these errors, Zoho may have exchanged the code. */
const unknownOutcomeCodes = new Set<ErrorCode>([
  'accounts-server-timed-out',
  'accounts-server-unreachable',
  'response-malformed',
  'accounts-server-unavailable',
])

/** The error for an exchange that returned no tokens. */
const exchangeError = (
  { repository }: ClientContext,
  failure: EndpointFailure,
  dataCenter: DataCenterId,
): RecruitOAuthError => {
  const { reason, status: zohoStatus, zohoError, retryAfterMs, requestMayHaveBeenSent } = failure
  const now = repository.clock.now()
  const retryAt = now && retryAfterMs && now + retryAfterMs
  const summary = reason === 'rate_limited' ? 'Zoho is throttling this client or user.' : undefined
  const details = { summary, dataCenter, zohoStatus, zohoError, retryAt }
  const code = toErrorCode(reason)
  if (requestMayHaveBeenSent && unknownOutcomeCodes.has(code))
    return new RecruitOAuthError('exchange-outcome-unknown', {
      ...details,
      ...(zohoStatus !== undefined && {
        summary:
          `The response to the code exchange has no tokens (status ${zohoStatus}). A code is not ` +
          'sent twice.',
      }),
    })
  if (errorCodes[code].remedy !== 'retry') return new RecruitOAuthError(code, details)
  // A code is not sent twice, so the user has to give consent again.
  return new RecruitOAuthError(code, {
    ...details,
    remedy: 'ask-consent',
    hint: 'Start again from /connect, in some minutes.',
  })
}
