import { Controller, Get, Inject, UseGuards } from '@nestjs/common'
import { isRecruitOAuthError, zohoConnected, ZohoConnectedGuard, ZohoConnection, type Connection } from '@zrecruit/oauth-nestjs'
import { CurrentUser } from '../accounts/session.guard.ts'
import { Tenants, type User } from '../accounts/tenants.ts'
import { homePage } from '../pages/home.ts'
import { candidatesPage, teamPage } from '../pages/lists.ts'
import { Settings } from '../settings.ts'
import { RecruitService } from './recruit.service.ts'

@Controller()
export class RecruitController {
  constructor(
    @Inject(RecruitService) private readonly recruit: RecruitService,
    @Inject(Tenants) private readonly tenants: Tenants,
    @Inject(Settings) private readonly settings: Settings,
  ) {}

  @Get()
  async home(@CurrentUser() user: User): Promise<string> {
    const { organization, problem } = await this.organization(user)
    const status = await this.recruit.statusOf(user.tenant)
    return homePage(user, { status, organization, problem, connectedBy: this.tenants.user(status.principal)?.name, dataCenters: Object.keys(this.settings.dataCenters) })
  }

  @Get('candidates')
  @UseGuards(ZohoConnectedGuard)
  async candidates(@CurrentUser() user: User, @ZohoConnection() zoho: Connection): Promise<string> {
    return candidatesPage(user, await this.recruit.candidates(zoho))
  }

  @Get('team')
  @UseGuards(zohoConnected({ scopes: ['ZohoRecruit.users.READ'] }))
  async team(@CurrentUser() user: User, @ZohoConnection() zoho: Connection): Promise<string> {
    return teamPage(user, await this.recruit.team(zoho))
  }

  /** The home page is there for who is not connected, and when Zoho is not: what goes wrong becomes a sentence on it. */
  private async organization({ tenant }: User): Promise<{ organization?: string | undefined; problem?: string }> {
    const { status } = await this.recruit.statusOf(tenant)
    if (status !== 'active') return {}
    try {
      return { organization: await this.recruit.organization(this.recruit.connectionOf(tenant)) }
    } catch (error) {
      if (!isRecruitOAuthError(error)) throw error
      return { problem: error.message }
    }
  }
}
