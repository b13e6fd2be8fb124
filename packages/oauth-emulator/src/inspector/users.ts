import type { EpochMs } from '../clock.ts'
import type { DataCenterId } from '../data-centers.ts'
import type { Environment } from '../environment.ts'
import { lastSix } from '../journal/journal.ts'
import { type AccessToken, consentKey, type RefreshToken } from '../ledger/ledger.ts'
import type { User } from '../seed/organizations.ts'
import type { EmulatorState } from '../state.ts'
import { type TokenCount, type BudgetUsage, budgetUsage } from './budgets.ts'

interface AccessTokenView {
  readonly token: string
  readonly secondsLeft: number
  /** The lifetime from issue to expiry. */
  readonly lifeSeconds: number
}

interface RefreshTokenView {
  readonly token: string
  readonly createdAt: EpochMs
  readonly environment: Environment
  readonly scopes: readonly string[]
  readonly accessTokenBudget: BudgetUsage
  readonly accessTokenCount: TokenCount
  /** Newest first. The last one is evicted next. */
  readonly accessTokens: readonly AccessTokenView[]
}

/** A user and the tokens that the client has for them. */
export interface UserView {
  readonly dataCenter: DataCenterId
  readonly user: string
  readonly name: string
  readonly organization: string
  readonly refreshTokenBudget: BudgetUsage
  readonly refreshTokenCount: TokenCount
  readonly refreshTokens: readonly RefreshTokenView[]
  /** Access tokens of consents without a refresh token. */
  readonly accessTokens: readonly AccessTokenView[]
}

/** The users with valid tokens, by data center. The newest tokens of each user come first. */
export function usersWithTokens(state: EmulatorState): UserView[] {
  const { clock, ledger } = state
  const now = clock.now()
  const validTokens = [...ledger.accessTokens.values()]
    .filter(({ expiresAt }) => now < expiresAt)
    .toReversed()
  const users = state.users.all().map((user) => toUserView(state, user, validTokens))
  return users.filter(
    ({ refreshTokens, accessTokens }) => refreshTokens.length + accessTokens.length > 0,
  )
}

function toUserView(
  state: EmulatorState,
  user: User,
  validTokens: readonly AccessToken[],
): UserView {
  const { client, ledger, settings } = state
  const { dataCenter, name: organization } = user.organization
  const key = consentKey({ clientId: client.id, user })
  const refreshTokens = [...ledger.refreshTokens.values()]
    .filter((one) => consentKey(one) === key)
    .toReversed()
  const withoutRefresh = validTokens.filter(
    (one) => consentKey(one) === key && one.refreshToken === undefined,
  )
  return {
    dataCenter,
    user: user.email,
    name: `${user.firstName} ${user.lastName}`,
    organization,
    refreshTokenBudget: budgetUsage(state, { budget: 'refreshTokenBudget', key }),
    refreshTokenCount: { valid: refreshTokens.length, limit: settings.liveRefreshTokens },
    refreshTokens: refreshTokens.map((one) => toRefreshTokenView(state, one, validTokens)),
    accessTokens: withoutRefresh.map((one) => toAccessTokenView(state, one)),
  }
}

function toRefreshTokenView(
  state: EmulatorState,
  { token, createdAt, environment, scopes }: RefreshToken,
  validTokens: readonly AccessToken[],
): RefreshTokenView {
  const accessTokens = validTokens.filter((one) => one.refreshToken === token)
  return {
    token: lastSix(token),
    createdAt,
    environment,
    scopes,
    accessTokenBudget: budgetUsage(state, { budget: 'accessTokenBudget', key: token }),
    accessTokenCount: { valid: accessTokens.length, limit: state.settings.liveAccessTokens },
    accessTokens: accessTokens.map((one) => toAccessTokenView(state, one)),
  }
}

function toAccessTokenView(
  { clock }: EmulatorState,
  { token, createdAt, expiresAt }: AccessToken,
): AccessTokenView {
  const seconds = (ms: number) => Math.ceil(ms / 1000)
  return {
    token: lastSix(token),
    secondsLeft: seconds(expiresAt - clock.now()),
    lifeSeconds: seconds(expiresAt - createdAt),
  }
}
