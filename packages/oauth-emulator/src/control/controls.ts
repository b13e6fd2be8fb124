import { registerRedirectUris } from '../client.ts'
import type { EpochMs } from '../clock.ts'
import type { DataCenterId } from '../data-centers.ts'
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

/** What a Self Client code is asked for with. */
export interface SelfClientCodeRequest {
  /** Comma separated, as in Zoho's console. */
  readonly scope: string
  readonly dataCenter: DataCenterId
  /** The e-mail address of a user who lives there. Default: the data center's own. */
  readonly user?: string
  /** The console offers 1 to 10 minutes; default `codeLifeSeconds`. */
  readonly expiresInSeconds?: number
}

/** A user, by e-mail address or by the data center whose own user they are. */
export type Account = { readonly user: string } | { readonly dataCenter: DataCenterId }

/** How many tokens ended. */
export interface EndedTokens {
  readonly refreshTokens: number
  readonly accessTokens: number
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

/** Somebody who can sign in. */
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
 * The emulator's own verbs: what `/_emulator` doors and the in-process helpers both do. Wrong
 * arguments throw, with cause and cure.
 */
export interface Controls {
  /**
   * A Self Client code: exchanged without a redirect URI; always yields a refresh token. Not
   * counted in the code budget.
   */
  issueSelfClientCode(request: SelfClientCodeRequest): { code: string }
  /** Moves the emulator's clock forward; answers its time. */
  advanceClock(seconds: number): { now: EpochMs }
  /**
   * Forgets codes, tokens, consents, counts, throttles, the journal, faults, users who were added
   * and the advanced clock, and puts the settings back to what `createEmulator` was told;
   * registered redirect URIs stay.
   */
  reset(): void
  calls(): Calls
  /**
   * Somebody more can sign in from now on, in an organization that is there or a new one: to choose
   * on the consent page, and for `issueSelfClientCode`.
   */
  addUser(user: NewUser): ListedUser
  /** Who can sign in, by data center, its own user first. */
  users(): readonly ListedUser[]
  tokens(): ListedTokens
  /**
   * What happened, the oldest first: the last 500 entries, or those of them that came after a
   * number.
   */
  journal(after?: number): readonly JournalEntry[]
  /** Registers more redirect URIs; answers all of them. */
  addRedirectUris(uris: readonly string[]): { redirectUris: readonly string[] }
  /** Something goes wrong from now on, until it has struck its `times` or is cleared. */
  addFault(fault: Fault): { id: string }
  /**
   * The faults that stand, in the order in which they were added, with how often each has struck.
   */
  faults(): readonly ListedFault[]
  /** Clears one fault, or all of them. */
  clearFaults(id?: string): void
  settings(): Settings
  /**
   * Changes how Zoho behaves, for requests from now on; answers all the settings. What was issued
   * before stays as it is.
   */
  configure(settings: Partial<Settings>): Settings
  /**
   * The user takes everything back in Zoho's settings (Sessions, Connected Apps): all that they
   * gave the client dies, and the next refresh answers `invalid_code`.
   * https://www.zoho.com/accounts/protocol/oauth/revoke-refresh-token.html
   */
  revokeByUser(account: Account): EndedTokens
  /**
   * Ends all access tokens now; refresh tokens live. The API answers `INVALID_TOKEN` to what was
   * handed out.
   */
  endAccessTokens(): EndedTokens
}

export function createControls(world: EmulatorState): Controls {
  const { clock, client, faults, ledger, settings, users } = world
  return {
    issueSelfClientCode: (request) => issueSelfClientCode(world, request),
    advanceClock(seconds) {
      if (!(seconds >= 0 && seconds <= 1e10)) {
        throw new BadRequest(
          'advanceSeconds: not a number from 0 to 1e10: send seconds, such as 3600; to go ' +
            'back, reset.',
        )
      }
      return { now: clock.advance(seconds) }
    },
    reset() {
      clearLedger(ledger)
      clock.reset()
      faults.clear()
      users.reset()
      Object.assign(settings, world.originalSettings)
    },
    calls: () => ({ ...ledger.calls }),
    addUser: (user) => listed(users.add(user)),
    users: () => users.all().map(listed),
    tokens: () => listTokens(world),
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
    revokeByUser: (account) => revokeByUser(world, account),
    endAccessTokens: () => endAllAccessTokens(world),
  }
}

function listed({ id, firstName, lastName, email, organization }: User): ListedUser {
  return {
    dataCenter: organization.dataCenter,
    user: email,
    userId: id,
    name: `${firstName} ${lastName}`,
    organization: organization.name,
    organizationId: organization.id,
  }
}

/** An account as a form or a door names it: by e-mail address or by data center. */
export function accountCalled(text: string): Account {
  return text.includes('@') ? { user: text } : { dataCenter: text as DataCenterId }
}
