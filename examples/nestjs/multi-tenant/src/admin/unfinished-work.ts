import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common'
import { InjectZohoRecruit, type ZohoRecruit } from '@zrecruit/oauth-nestjs'
import { Settings } from '../settings.ts'

/**
 * Finishes interrupted work every minute: revocations that Zoho has not confirmed, and consents
 * whose process died. Every process of this app does it; they can do it at the same time.
 */
@Injectable()
export class UnfinishedWork implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined
  private round: Promise<void> | undefined

  constructor(
    @InjectZohoRecruit() private readonly zoho: ZohoRecruit,
    @Inject(Settings) private readonly settings: Settings,
  ) {}

  onApplicationBootstrap(): void {
    const begin = () => (this.round ??= this.resume().finally(() => (this.round = undefined)))
    // The timer must not keep the process alive.
    this.timer = setInterval(() => void begin(), this.settings.resumeSeconds * 1000).unref()
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer)
    await this.round
  }

  private async resume(): Promise<void> {
    try {
      const { failed } = await this.zoho.recover()
      // Not logged when Zoho has not confirmed yet: the admin page shows it, and it is retried.
      for (const { id, error } of failed)
        if (error.code !== 'revocation-failed')
          console.error(`${JSON.stringify(id)} stays unfinished: ${error.message}`)
    } catch (error) {
      console.error(error)
    }
  }
}
