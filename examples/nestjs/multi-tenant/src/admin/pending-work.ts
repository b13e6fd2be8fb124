import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common'
import { InjectZohoRecruit, type ZohoRecruit } from '@zrecruit/oauth-nestjs'
import { Settings } from '../settings.ts'

/**
 * Finishes pending work every minute: revocations that Zoho has not confirmed, and consents
 * whose process died. Every process of this app does this; several can do it at the same time.
 */
@Injectable()
export class PendingWork implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined
  private running: Promise<void> | undefined

  constructor(
    @InjectZohoRecruit() private readonly zoho: ZohoRecruit,
    @Inject(Settings) private readonly settings: Settings,
  ) {}

  onApplicationBootstrap(): void {
    const recover = () =>
      (this.running ??= this.recover().finally(() => (this.running = undefined)))
    // The timer must not keep the process alive.
    this.timer = setInterval(() => void recover(), this.settings.recoverySeconds * 1000).unref()
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer)
    await this.running
  }

  private async recover(): Promise<void> {
    try {
      const { failed } = await this.zoho.recover()
      // Revocations that Zoho has not confirmed are not logged: the admin page shows them, and the
      // next round repeats them.
      for (const { id, error } of failed)
        if (error.code !== 'revocation-failed')
          console.error(`${JSON.stringify(id)} is still pending: ${error.message}`)
    } catch (error) {
      console.error(error)
    }
  }
}
