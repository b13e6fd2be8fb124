import { Controller, Get, Inject, Res, UseGuards } from '@nestjs/common'
import {
  RequireZohoConnection,
  ZohoConnectionGuard,
  ZohoConnection,
  type Connection,
} from '@zrecruit/oauth-nestjs'
import type { Response } from 'express'
import { CurrentMember, CurrentUser, SignedIn } from '../accounts/session.guard.ts'
import type { Member, User } from '../accounts/tenants.ts'
import { homePage } from '../pages/home.ts'
import { candidatesPage, teamPage } from '../pages/lists.ts'
import { Settings } from '../settings.ts'
import { RecruitService } from './recruit.service.ts'

@Controller()
export class RecruitController {
  constructor(
    @Inject(RecruitService) private readonly recruit: RecruitService,
    @Inject(Settings) private readonly settings: Settings,
  ) {}

  @Get()
  @SignedIn()
  async home(@CurrentUser() user: User, @Res() response: Response): Promise<void> {
    if (user.office)
      response.send(
        homePage(
          user,
          await this.recruit.statusOf(user.office),
          Object.keys(this.settings.dataCenters),
        ),
      )
    else response.redirect(303, '/admin')
  }

  @Get('candidates')
  @UseGuards(ZohoConnectionGuard)
  async candidates(
    @CurrentMember() user: Member,
    @ZohoConnection() zoho: Connection,
  ): Promise<string> {
    return candidatesPage(user, await this.recruit.candidates(zoho))
  }

  @Get('team')
  @RequireZohoConnection({ scopes: ['ZohoRecruit.users.READ'] })
  async team(@CurrentMember() user: Member, @ZohoConnection() zoho: Connection): Promise<string> {
    return teamPage(user, await this.recruit.team(zoho))
  }
}
