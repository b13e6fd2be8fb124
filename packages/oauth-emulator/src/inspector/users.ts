import type { EpochMs } from '../clock.ts'
import type { DataCenterId } from '../data-centers.ts'
import { lastSix } from '../journal/journal.ts'
import { type AccessToken, consentKey, type RefreshToken } from '../ledger/ledger.ts'
import type { User } from '../seed/organizations.ts'
import type { EmulatorState } from '../state.ts'
import { type Living, type SpentBudget, spent } from './budgets.ts'

interface ShownAccessToken {
  readonly token: string
  readonly secondsLeft: number
  /** How long it lives from its birth to its end. */
  readonly lifeSeconds: number
}

interface ShownRefreshToken {
  readonly token: string
  readonly createdAt: EpochMs
  readonly scopes: readonly string[]
  /** Access tokens made of it lately. */
  readonly requests: SpentBudget
  readonly living: Living
  /** The newest first; the last is the next to be pushed out. */
  readonly accessTokens: readonly ShownAccessToken[]
}

/** A user and what they gave the client. */
export interface ShownUser {
  readonly dataCenter: DataCenterId
  readonly user: string
  readonly name: string
  readonly organization: string
  /** Refresh tokens made lately. */
  readonly made: SpentBudget
  readonly living: Living
  readonly refreshTokens: readonly ShownRefreshToken[]
  /** Access tokens of consents that gave no refresh token. */
  readonly accessTokens: readonly ShownAccessToken[]
}

/** The users who have living tokens, in the order of the data centers; tokens the newest first. */
export function usersWithTokens(world: EmulatorState): ShownUser[] {
  const { clock, ledger } = world
  const now = clock.now()
  const living = [...ledger.accessTokens.values()]
    .filter(({ expiresAt }) => now < expiresAt)
    .toReversed()
  const users = world.users.all().map((user) => shownUser(world, user, living))
  return users.filter(
    ({ refreshTokens, accessTokens }) => refreshTokens.length + accessTokens.length > 0,
  )
}

function shownUser(world: EmulatorState, user: User, living: readonly AccessToken[]): ShownUser {
  const { client, ledger, settings } = world
  const { dataCenter, name: organization } = user.organization
  const own = consentKey({ clientId: client.id, user })
  const refreshTokens = [...ledger.refreshTokens.values()]
    .filter((one) => consentKey(one) === own)
    .toReversed()
  const withoutRefresh = living.filter(
    (one) => consentKey(one) === own && one.refreshToken === undefined,
  )
  return {
    dataCenter,
    user: user.email,
    name: `${user.firstName} ${user.lastName}`,
    organization,
    made: spent(world, { budget: 'refreshTokenBudget', of: own }),
    living: { alive: refreshTokens.length, limit: settings.liveRefreshTokens },
    refreshTokens: refreshTokens.map((one) => shownRefreshToken(world, one, living)),
    accessTokens: withoutRefresh.map((one) => shownAccessToken(world, one)),
  }
}

function shownRefreshToken(
  world: EmulatorState,
  { token, createdAt, scopes }: RefreshToken,
  living: readonly AccessToken[],
): ShownRefreshToken {
  const own = living.filter((one) => one.refreshToken === token)
  return {
    token: lastSix(token),
    createdAt,
    scopes,
    requests: spent(world, { budget: 'accessTokenBudget', of: token }),
    living: { alive: own.length, limit: world.settings.liveAccessTokens },
    accessTokens: own.map((one) => shownAccessToken(world, one)),
  }
}

function shownAccessToken(
  { clock }: EmulatorState,
  { token, createdAt, expiresAt }: AccessToken,
): ShownAccessToken {
  const seconds = (ms: number) => Math.ceil(ms / 1000)
  return {
    token: lastSix(token),
    secondsLeft: seconds(expiresAt - clock.now()),
    lifeSeconds: seconds(expiresAt - createdAt),
  }
}
