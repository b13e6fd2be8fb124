import { Injectable, Module } from '@nestjs/common'
import { zohoDataCenters, type DataCenters } from '@zrecruit/oauth-nestjs'
import { randomBytes } from 'node:crypto'

/** The app's configuration from the environment. It stands in for `ConfigService`. */
@Injectable()
export class Settings {
  private readonly env = process.env

  readonly port = Number(this.env['PORT'] ?? '3000')
  readonly host = this.env['HOST'] ?? '127.0.0.1'
  readonly redirectUri =
    this.env['ZOHO_REDIRECT_URI'] ?? `http://localhost:${this.port}/zoho/callback`
  readonly clientId = this.env['ZOHO_CLIENT_ID'] ?? ''
  readonly clientSecret = this.env['ZOHO_CLIENT_SECRET'] ?? ''
  readonly encryptionKeys = (this.env['ZOHO_ENCRYPTION_KEY'] ?? '').split(',').filter(Boolean)
  readonly database = this.env['ZOHO_DATABASE'] ?? 'zoho.db'
  /** Only for the emulator. The library knows Zoho's own data centers. */
  readonly dataCenters = this.env['ZOHO_DATA_CENTERS']
    ? (JSON.parse(this.env['ZOHO_DATA_CENTERS']) as DataCenters)
    : zohoDataCenters
  /** The interval of `PendingWork`. */
  readonly recoverySeconds = Number(this.env['RECOVERY_SECONDS'] ?? '60')
  /**
   * Signs the app's session cookie. With the default, a random one, users must sign in again after
   * a restart of the app.
   */
  readonly sessionSecret = this.env['SESSION_SECRET'] ?? randomBytes(32).toString('base64')
}

@Module({ providers: [Settings], exports: [Settings] })
export class SettingsModule {}
