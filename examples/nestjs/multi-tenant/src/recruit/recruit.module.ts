import { Module } from '@nestjs/common'
import { AccountsModule } from '../accounts/accounts.module.ts'
import { SettingsModule } from '../settings.ts'
import { RecruitController } from './recruit.controller.ts'
import { RecruitService } from './recruit.service.ts'

@Module({ imports: [SettingsModule, AccountsModule], controllers: [RecruitController], providers: [RecruitService] })
export class RecruitModule {}
