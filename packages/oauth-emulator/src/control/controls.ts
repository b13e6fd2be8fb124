import { registerRedirectUris } from '../client.ts'
import type { EpochMs } from '../clock.ts'
import type { DataCenterId } from '../data-centers.ts'
import { BadRequest } from '../http/body.ts'
import { issueCode } from '../ledger/issue.ts'
import { type Calls, clearLedger, type Grant } from '../ledger/ledger.ts'
import { parseScope, splitScopes } from '../scopes.ts'
import { organizationOf } from '../seed/organizations.ts'
import type { World } from '../world.ts'

/** What a Self Client code is asked for with. */
export interface SelfClientCodeRequest {
  /** Comma separated, as in Zoho's console. */
  readonly scope: string
  readonly dataCenter: DataCenterId
  /** The console offers 1 to 10 minutes; default `codeLifeSeconds`. */
  readonly expiresInSeconds?: number
}

/** A living token. */
export interface ListedToken {
  readonly token: string
  readonly dataCenter: DataCenterId
  readonly scopes: readonly string[]
  readonly client: string
  /** The user's e-mail address. */
  readonly user: string
  readonly createdAt: EpochMs
  /** `null` for a refresh token: it lives until it is revoked or evicted. */
  readonly expiresAt: EpochMs | null
  readonly secondsLeft: number | null
}

export interface ListedTokens {
  readonly now: EpochMs
  readonly refreshTokens: readonly ListedToken[]
  readonly accessTokens: readonly (ListedToken & { readonly refreshToken: string | null })[]
}

/** The emulator's own verbs: what `/_emulator` doors and the in-process helpers both do. */
export interface Controls {
  /** A Self Client code: exchanged without a redirect URI; always yields a refresh token. Not counted in the code budget. */
  issueSelfClientCode(request: SelfClientCodeRequest): { code: string }
  /** Moves the emulator's clock forward; answers its time. */
  advanceClock(seconds: number): { now: EpochMs }
  /** Forgets codes, tokens, consents, counts, throttles and the advanced clock; registered redirect URIs stay. */
  reset(): void
  calls(): Calls
  tokens(): ListedTokens
  /** Registers more redirect URIs; answers all of them. */
  addRedirectUris(uris: readonly string[]): { redirectUris: readonly string[] }
}

/** Wrong arguments throw an error that names the cause and the cure. */
export function createControls(world: World): Controls {
  const { clock, client, ledger, settings } = world
  return {
    issueSelfClientCode({ scope, dataCenter, expiresInSeconds = settings.codeLifeSeconds }) {
      const scopes = splitScopes(scope, settings.scopeSeparator)
      const unknown = scopes.find((one) => parseScope(one) === undefined)
      if (unknown !== undefined) {
        throw new BadRequest(`scope: Zoho has no scope ${JSON.stringify(unknown)}: use ones such as ZohoRecruit.modules.ALL, separated by commas.`)
      }
      if (!settings.dataCenters.includes(dataCenter)) {
        throw new BadRequest(`dataCenter: ${JSON.stringify(dataCenter)} does not stand: use one of ${settings.dataCenters.join(', ')}.`)
      }
      if (!(Number.isFinite(expiresInSeconds) && expiresInSeconds > 0)) {
        throw new BadRequest('expiresInSeconds: not a positive number: send seconds, such as 60.')
      }
      const now = clock.now()
      const expiresAt = now + expiresInSeconds * 1000
      const grant = { clientId: client.id, userId: organizationOf(dataCenter).user.id, dataCenter, scopes }
      const { code } = issueCode(ledger, { ...grant, redirectUri: undefined, codeChallenge: undefined, yieldsRefreshToken: true, expiresAt }, now)
      return { code }
    },
    advanceClock(seconds) {
      if (!(seconds >= 0 && seconds <= 1e10)) {
        throw new BadRequest('advanceSeconds: not a number from 0 to 1e10: send seconds, such as 3600; to go back, reset.')
      }
      return { now: clock.advance(seconds) }
    },
    reset() {
      clearLedger(ledger)
      clock.reset()
    },
    calls: () => ({ ...ledger.calls }),
    tokens() {
      const now = clock.now()
      const listed = (grant: Grant & { token: string; createdAt: EpochMs }, expiresAt: EpochMs | null): ListedToken => {
        const { token, dataCenter, scopes, clientId, createdAt } = grant
        const secondsLeft = expiresAt === null ? null : Math.floor((expiresAt - now) / 1000)
        return { token, dataCenter, scopes, client: clientId, user: organizationOf(dataCenter).user.email, createdAt, expiresAt, secondsLeft }
      }
      const living = [...ledger.accessTokens.values()].filter(({ expiresAt }) => now < expiresAt)
      return {
        now,
        refreshTokens: [...ledger.refreshTokens.values()].map((one) => listed(one, null)),
        accessTokens: living.map((one) => ({ ...listed(one, one.expiresAt), refreshToken: one.refreshToken ?? null })),
      }
    },
    addRedirectUris(uris) {
      registerRedirectUris(client, uris)
      return { redirectUris: [...client.redirectUris] }
    },
  }
}
