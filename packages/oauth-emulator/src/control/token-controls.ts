import type { EpochMs } from '../clock.ts'
import { BadRequest } from '../http/body.ts'
import { endAccessToken, endGrant } from '../ledger/end.ts'
import { issueCode } from '../ledger/issue.ts'
import type { Grant } from '../ledger/ledger.ts'
import { parseScope, splitScopes } from '../scopes.ts'
import type { User } from '../seed/organizations.ts'
import { isCalled } from '../users.ts'
import type { EmulatorState } from '../state.ts'
import type {
  Account,
  EndedTokens,
  ListedToken,
  ListedTokens,
  SelfClientCodeRequest,
} from './controls.ts'

/** The verbs of Controls that read or end codes and tokens. */

export function issueSelfClientCode(
  world: EmulatorState,
  { scope, dataCenter, user: email, expiresInSeconds }: SelfClientCodeRequest,
): { code: string } {
  const { client, dataCenters, ledger, settings, users } = world
  const seconds = expiresInSeconds ?? settings.codeLifeSeconds
  const scopes = splitScopes(scope, settings.scopeSeparator)
  const unknown = scopes.find((one) => parseScope(one) === undefined)
  if (unknown !== undefined) {
    throw new BadRequest(
      `scope: Zoho has no scope ${JSON.stringify(unknown)}: use ones such as ` +
        'ZohoRecruit.modules.ALL, separated by commas.',
    )
  }
  if (!dataCenters.includes(dataCenter)) {
    throw new BadRequest(
      `dataCenter: ${JSON.stringify(dataCenter)} does not stand: use one of ` +
        `${dataCenters.join(', ')}.`,
    )
  }
  if (!(Number.isFinite(seconds) && seconds > 0))
    throw new BadRequest('expiresInSeconds: not a positive number: send seconds, such as 60.')
  const user =
    users.at(dataCenter).find((one) => isCalled(one, email ?? dataCenter)) ??
    unknownUser(users.at(dataCenter), 'user', email)
  const now = world.clock.now()
  const grant = { clientId: client.id, user, dataCenter, scopes }
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
  const listed = (
    grant: Grant & { token: string; createdAt: EpochMs },
    expiresAt: EpochMs | null,
  ): ListedToken => {
    const { token, dataCenter, scopes, clientId, user, createdAt } = grant
    const secondsLeft = expiresAt === null ? null : Math.floor((expiresAt - now) / 1000)
    return {
      token,
      dataCenter,
      scopes,
      client: clientId,
      user: user.email,
      createdAt,
      expiresAt,
      secondsLeft,
    }
  }
  const living = [...ledger.accessTokens.values()].filter(({ expiresAt }) => now < expiresAt)
  return {
    now,
    refreshTokens: [...ledger.refreshTokens.values()].map((one) => listed(one, null)),
    accessTokens: living.map((one) => ({
      ...listed(one, one.expiresAt),
      refreshToken: one.refreshToken ?? null,
    })),
  }
}

export function revokeByUser(world: EmulatorState, account: Account): EndedTokens {
  const all = world.users.all()
  const wanted = 'user' in account ? account.user : account.dataCenter
  const user =
    all.find(
      ({ email, organization }) => ('user' in account ? email : organization.dataCenter) === wanted,
    ) ?? unknownUser(all, 'account', wanted)
  return counting(world, () =>
    endGrant(
      world.ledger,
      { clientId: world.client.id, user },
      { at: world.clock.now(), event: 'revoked', by: 'user' },
    ),
  )
}

function unknownUser(known: readonly User[], field: 'account' | 'user', wanted: unknown): never {
  const list = known
    .map(({ email, organization }) =>
      field === 'user' ? email : `${organization.dataCenter} (${email})`,
    )
    .join(', ')
  throw new BadRequest(
    `${field}: no user ${JSON.stringify(wanted)}: name ` +
      `${field === 'user' ? 'one of' : 'a data center or an e-mail address of'} ${list}.`,
  )
}

export function endAllAccessTokens(world: EmulatorState): EndedTokens {
  const { clock, ledger } = world
  return counting(world, () => {
    for (const access of ledger.accessTokens.values())
      endAccessToken(ledger, access, { at: clock.now(), event: 'revoked', by: 'test' })
  })
}

/** How many living tokens an act ends. */
function counting(world: EmulatorState, act: () => void): EndedTokens {
  const before = listTokens(world)
  act()
  const after = listTokens(world)
  return {
    refreshTokens: before.refreshTokens.length - after.refreshTokens.length,
    accessTokens: before.accessTokens.length - after.accessTokens.length,
  }
}
