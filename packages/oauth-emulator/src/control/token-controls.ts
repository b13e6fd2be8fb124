import type { EpochMs } from '../clock.ts'
import { BadRequest } from '../http/body.ts'
import { environmentRule } from '../environment.ts'
import { check } from '../rules.ts'
import { endAccessToken, endGrant } from '../ledger/end.ts'
import { issueCode } from '../ledger/issue.ts'
import type { Grant } from '../ledger/ledger.ts'
import { parseScope, splitScopes } from '../scopes.ts'
import type { User } from '../seed/organizations.ts'
import { matchesAccount } from '../users.ts'
import type { EmulatorState } from '../state.ts'
import type {
  Account,
  EndedTokens,
  ListedToken,
  ListedTokens,
  SelfClientCodeRequest,
} from './controls.ts'

/** Issues a code as Zoho's console does for a Self Client, without a consent page. */
export function issueSelfClientCode(
  state: EmulatorState,
  {
    scope,
    dataCenter,
    user: email,
    environment = 'production',
    expiresInSeconds,
  }: SelfClientCodeRequest,
): { code: string } {
  const { client, dataCenters, ledger, settings, users } = state
  const seconds = expiresInSeconds ?? settings.codeLifeSeconds
  const scopes = splitScopes(scope, settings.scopeSeparator)
  const unknownScope = scopes.find((text) => parseScope(text) === undefined)
  if (unknownScope !== undefined) {
    throw new BadRequest(
      `scope: Zoho has no scope ${JSON.stringify(unknownScope)}: use scopes such as ` +
        'ZohoRecruit.modules.ALL, separated by commas.',
    )
  }
  if (!dataCenters.includes(dataCenter)) {
    throw new BadRequest(
      `dataCenter: ${JSON.stringify(dataCenter)} is not emulated: use one of ` +
        `${dataCenters.join(', ')}.`,
    )
  }
  check('environment', environment, environmentRule)
  if (!(Number.isFinite(seconds) && seconds > 0))
    throw new BadRequest('expiresInSeconds: not a positive number: send seconds, such as 60.')
  const localUsers = users.at(dataCenter)
  const user =
    localUsers.find((candidate) => matchesAccount(candidate, email ?? dataCenter)) ??
    refuseUnknownUser(localUsers, 'user', email)
  const now = state.clock.now()
  const grant = { clientId: client.id, user, dataCenter, environment, scopes }
  const code = {
    ...grant,
    redirectUri: undefined,
    codeChallenge: undefined,
    yieldsRefreshToken: true,
    expiresAt: now + seconds * 1000,
  }
  return { code: issueCode(ledger, code, now).code }
}

export function listTokens({ clock, ledger }: EmulatorState): ListedTokens {
  const now = clock.now()
  const toListedToken = (
    grant: Grant & { token: string; createdAt: EpochMs },
    expiresAt: EpochMs | null,
  ): ListedToken => {
    const { token, dataCenter, environment, scopes, clientId, user, createdAt } = grant
    const secondsLeft = expiresAt === null ? null : Math.floor((expiresAt - now) / 1000)
    return {
      token,
      dataCenter,
      environment,
      scopes,
      client: clientId,
      user: user.email,
      createdAt,
      expiresAt,
      secondsLeft,
    }
  }
  const validAccessTokens = [...ledger.accessTokens.values()].filter(
    ({ expiresAt }) => now < expiresAt,
  )
  return {
    now,
    refreshTokens: [...ledger.refreshTokens.values()].map((refresh) =>
      toListedToken(refresh, null),
    ),
    accessTokens: validAccessTokens.map((access) => ({
      ...toListedToken(access, access.expiresAt),
      refreshToken: access.refreshToken ?? null,
    })),
  }
}

export function revokeByUser(state: EmulatorState, account: Account): EndedTokens {
  const all = state.users.all()
  const accountName = 'user' in account ? account.user : account.dataCenter
  const user =
    all.find(
      ({ email, organization }) =>
        ('user' in account ? email : organization.dataCenter) === accountName,
    ) ?? refuseUnknownUser(all, 'account', accountName)
  return countEnded(state, () =>
    endGrant(
      state.ledger,
      { clientId: state.client.id, user },
      { at: state.clock.now(), event: 'revoked', by: 'user' },
    ),
  )
}

function refuseUnknownUser(
  known: readonly User[],
  field: 'account' | 'user',
  accountName: unknown,
): never {
  const list = known
    .map(({ email, organization }) =>
      field === 'user' ? email : `${organization.dataCenter} (${email})`,
    )
    .join(', ')
  throw new BadRequest(
    `${field}: no user ${JSON.stringify(accountName)}: use ` +
      `${field === 'user' ? 'one of' : 'a data center or an e-mail address of'} ${list}.`,
  )
}

export function endAllAccessTokens(state: EmulatorState): EndedTokens {
  const { clock, ledger } = state
  return countEnded(state, () => {
    for (const access of ledger.accessTokens.values())
      endAccessToken(ledger, access, { at: clock.now(), event: 'revoked', by: 'test' })
  })
}

/** Runs an action and counts the valid tokens that it ends. */
function countEnded(state: EmulatorState, action: () => void): EndedTokens {
  const before = listTokens(state)
  action()
  const after = listTokens(state)
  return {
    refreshTokens: before.refreshTokens.length - after.refreshTokens.length,
    accessTokens: before.accessTokens.length - after.accessTokens.length,
  }
}
