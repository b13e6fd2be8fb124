import { registerRedirectUris } from '../client.ts'
import type { EpochMs } from '../clock.ts'
import type { DataCenterId } from '../data-centers.ts'
import type { Environment } from '../environment.ts'
import type { Fault, ListedFault } from '../faults/fault.ts'
import { BadRequest } from '../http/body.ts'
import type { JournalEntry } from '../journal/entry.ts'
import { type Calls, clearLedger } from '../ledger/ledger.ts'
import { check, wholeNumber } from '../rules.ts'
import { checkSettings } from '../settings/check-settings.ts'
import type { User } from '../seed/organizations.ts'
import type { Settings } from '../settings/settings.ts'
import type { NewUser } from '../users.ts'
import type { EmulatorState } from '../state.ts'
import {
  endAllAccessTokens,
  issueSelfClientCode,
  listTokens,
  revokeByUser,
} from './token-controls.ts'

/** The request for a Self Client code. */
export interface SelfClientCodeRequest {
  /** Separated by commas, as in Zoho's console. */
  readonly scope: string
  readonly dataCenter: DataCenterId
  /** The e-mail address of a user of this data center. Default: its default user. */
  readonly user?: string
  /** Default `production`. */
  readonly environment?: Environment
  /** The console offers 1 to 10 minutes; default `codeLifeSeconds`. */
  readonly expiresInSeconds?: number
}

/** The e-mail address of a user, or a data center, which stands for its default user. */
export type Account = { readonly user: string } | { readonly dataCenter: DataCenterId }

/** The number of ended tokens. */
export interface EndedTokens {
  readonly refreshTokens: number
  readonly accessTokens: number
}

/** A valid token. */
export interface ListedToken {
  readonly token: string
  readonly dataCenter: DataCenterId
  readonly environment: Environment
  readonly scopes: readonly string[]
  readonly client: string
  /** The user's e-mail address. */
  readonly user: string
  readonly createdAt: EpochMs
  /** `null` for a refresh token, which is valid until it is revoked or evicted. */
  readonly expiresAt: EpochMs | null
  readonly secondsLeft: number | null
}

/** A user who can sign in. */
export interface ListedUser {
  readonly dataCenter: DataCenterId
  readonly user: string
  readonly userId: string
  readonly name: string
  readonly organization: string
  readonly organizationId: string
}

export interface ListedTokens {
  readonly now: EpochMs
  readonly refreshTokens: readonly ListedToken[]
  readonly accessTokens: readonly (ListedToken & { readonly refreshToken: string | null })[]
}

/**
 * The controls of the emulator, for the endpoints under `/_emulator` and for use in process.
 * Invalid arguments throw an error that names the cause and a hint.
 */
export interface Controls {
  /**
   * Issues a Self Client code. It is exchanged without a redirect URI and always yields a refresh
   * token. It does not count towards the budget of authorization codes.
   */
  issueSelfClientCode(request: SelfClientCodeRequest): { code: string }
  /** Moves the emulator's clock forward and returns its time. */
  advanceClock(advanceSeconds: number): { now: EpochMs }
  /**
   * Removes codes, tokens, consents, counts, throttles, the journal, faults and added users, undoes
   * clock advances and changes of records, and restores the settings given to `createEmulator`.
   * Registered redirect URIs stay.
   */
  reset(): void
  calls(): Calls
  /**
   * Adds a user to an existing or a new organization. The user can be chosen on the consent page
   * and with `issueSelfClientCode`.
   */
  addUser(user: NewUser): ListedUser
  /** The users who can sign in, by data center. The default user of each comes first. */
  users(): readonly ListedUser[]
  tokens(): ListedTokens
  /** The last 500 journal entries, oldest first. With `after`, only entries with higher numbers. */
  journal(after?: number): readonly JournalEntry[]
  /** Registers more redirect URIs and returns all of them. */
  addRedirectUris(uris: readonly string[]): { redirectUris: readonly string[] }
  /** Adds a fault. It stays active until it has applied to `times` requests or is cleared. */
  addFault(fault: Fault): { id: string }
  /** The faults in the order of addition, with the number of times that each was applied. */
  faults(): readonly ListedFault[]
  /** Clears one fault, or all of them. */
  clearFaults(id?: string): void
  settings(): Settings
  /**
   * Changes settings for later requests and returns all settings. Codes and tokens that exist
   * already do not change.
   */
  configure(settings: Partial<Settings>): Settings
  /**
   * Revokes access as the user does in Zoho's settings (Sessions, Connected Apps): all tokens of
   * the user and the client end, and the next refresh answers `invalid_code`.
   * https://www.zoho.com/accounts/protocol/oauth/revoke-refresh-token.html
   */
  revokeByUser(account: Account): EndedTokens
  /** Ends all access tokens; refresh tokens stay valid. The API then answers `INVALID_TOKEN`. */
  endAccessTokens(): EndedTokens
}

export function createControls(state: EmulatorState): Controls {
  const { clock, client, faults, ledger, recruit, settings, users } = state
  return {
    issueSelfClientCode: (request) => issueSelfClientCode(state, request),
    advanceClock(advanceSeconds) {
      if (!(advanceSeconds >= 0 && advanceSeconds <= 1e10)) {
        throw new BadRequest(
          'advanceSeconds: not a number from 0 to 1e10: send seconds, such as 3600. To move the ' +
            'clock back, reset the emulator.',
        )
      }
      return { now: clock.advance(advanceSeconds) }
    },
    reset() {
      clearLedger(ledger)
      recruit.clear()
      clock.reset()
      faults.clear()
      users.reset()
      Object.assign(settings, state.originalSettings)
    },
    calls: () => ({ ...ledger.calls }),
    addUser: (user) => toListedUser(users.add(user)),
    users: () => users.all().map(toListedUser),
    tokens: () => listTokens(state),
    journal(after = 0) {
      check('after', after, wholeNumber(0, Number.MAX_SAFE_INTEGER))
      return ledger.journal.after(after)
    },
    addRedirectUris(uris) {
      registerRedirectUris(client, uris)
      return { redirectUris: [...client.redirectUris] }
    },
    addFault: (fault) => ({ id: faults.add(fault) }),
    faults: () => faults.list(),
    clearFaults: (id) => faults.clear(id),
    settings: () => structuredClone(settings),
    configure(changes) {
      Object.assign(settings, checkSettings(changes))
      return structuredClone(settings)
    },
    revokeByUser: (account) => revokeByUser(state, account),
    endAccessTokens: () => endAllAccessTokens(state),
  }
}

function toListedUser({ id, firstName, lastName, email, organization }: User): ListedUser {
  return {
    dataCenter: organization.dataCenter,
    user: email,
    userId: id,
    name: `${firstName} ${lastName}`,
    organization: organization.name,
    organizationId: organization.id,
  }
}

/** Parses an account from a form or an endpoint: an e-mail address or a data center. */
export function parseAccount(text: string): Account {
  return text.includes('@') ? { user: text } : { dataCenter: text as DataCenterId }
}
