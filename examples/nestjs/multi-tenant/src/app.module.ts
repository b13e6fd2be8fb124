import { Module } from '@nestjs/common'
import { APP_FILTER } from '@nestjs/core'
import { AccountsModule } from './accounts/accounts.module.ts'
import { AdminModule } from './admin/admin.module.ts'
import { PageFilter } from './page.filter.ts'
import { RecruitModule } from './recruit/recruit.module.ts'
import { SettingsModule } from './settings.ts'
import { zoho } from './zoho.ts'

@Module({
  imports: [SettingsModule, AccountsModule, zoho, RecruitModule, AdminModule],
  providers: [{ provide: APP_FILTER, useClass: PageFilter }],
})
export class AppModule {}
