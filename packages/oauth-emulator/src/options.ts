import type { EpochMs } from './clock.ts'
import type { DataCenterId } from './data-centers.ts'
import type { Settings } from './settings/settings.ts'

/** What `createEmulator` can be told: who stands there, and how Zoho behaves. */
export interface EmulatorOptions<Id extends DataCenterId = DataCenterId> extends Partial<Settings> {
  /**
   * Which data centers stand. Default `['us', 'eu', 'in']`. The client is registered at the first.
   */
  readonly dataCenters?: readonly Id[]
  /** The registered client; id and secret are random for each emulator unless given. */
  readonly clientId?: string
  /**
   * One secret for all data centers, or one for each ("either common to all the DCs or unique for
   * each DC", https://www.zoho.com/accounts/protocol/oauth/multi-dc.html). A wrong one is
   * `invalid_client_secret` when it is common, and `invalid_client` when each data center has its
   * own.
   */
  readonly clientSecret?: string | Readonly<Record<NoInfer<Id>, string>>
  /** The name on the consent page. Default `'Your application'`. */
  readonly clientName?: string
  /**
   * Registered redirect URIs, compared character for character. Default: `/zoho/callback` on ports
   * 3000 of localhost and 127.0.0.1.
   */
  readonly redirectUris?: readonly string[]
  /**
   * The clock under the emulator's clock: epoch milliseconds that never go back. Default: monotonic
   * process time.
   */
  readonly monotonicTime?: () => EpochMs
}
