import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common'
import { InjectZohoRecruit, type ZohoRecruit } from '@zrecruit/oauth-nestjs'
import { Settings } from '../settings.ts'

/**
 * Every minute, takes up what was left unfinished: a revocation that Zoho has not confirmed, a
 * consent whose process died. Every process of this app does it; several at once are in nobody’s
 * way.
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
    // It keeps no process alive that has nothing else to do.
    this.timer = setInterval(() => void begin(), this.settings.resumeSeconds * 1000).unref()
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer)
    await this.round
  }

  private async resume(): Promise<void> {
    try {
      const { failed } = await this.zoho.recover()
      // That Zoho has not confirmed yet is no news: it is on the admin page, and tried again.
      for (const { id, error } of failed)
        if (error.code !== 'revocation-failed')
          console.error(`${JSON.stringify(id)} stays unfinished: ${error.message}`)
    } catch (error) {
      console.error(error)
    }
  }
}
