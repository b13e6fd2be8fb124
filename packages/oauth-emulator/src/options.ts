import type { EpochMs } from './clock.ts'
import type { DataCenterId } from './data-centers.ts'
import type { Settings } from './settings/settings.ts'

/** The options of `createEmulator`: the data centers, the client and how Zoho behaves. */
export interface EmulatorOptions<Id extends DataCenterId = DataCenterId> extends Partial<Settings> {
  /**
   * The emulated data centers. Default `['us', 'eu', 'in']`. The client is registered at the first.
   */
  readonly dataCenters?: readonly Id[]
  /** The registered client. Id and secret are random for each emulator unless set. */
  readonly clientId?: string
  /**
   * One secret for all data centers, or one for each ("either common to all the DCs or unique for
   * each DC", https://www.zoho.com/accounts/protocol/oauth/multi-dc.html). The error for a wrong
   * secret is `invalid_client_secret` if the secret is common, and `invalid_client` if each data
   * center has its own.
   */
  readonly clientSecret?: string | Readonly<Record<NoInfer<Id>, string>>
  /** The name on the consent page. Default `'Your application'`. */
  readonly clientName?: string
  /**
   * Registered redirect URIs. They are compared exactly. Default: `/zoho/callback` on port 3000 of
   * localhost and 127.0.0.1.
   */
  readonly redirectUris?: readonly string[]
  /**
   * The base of the emulator's clock: a function that returns epoch milliseconds and never goes
   * back. Default: monotonic process time.
   */
  readonly monotonicTime?: () => EpochMs
}
