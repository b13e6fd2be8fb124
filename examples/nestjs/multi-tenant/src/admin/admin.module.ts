import { Module } from '@nestjs/common'
import { AccountsModule } from '../accounts/accounts.module.ts'
import { SettingsModule } from '../settings.ts'
import { AdminController } from './admin.controller.ts'
import { PendingWork } from './pending-work.ts'

@Module({
  imports: [SettingsModule, AccountsModule],
  controllers: [AdminController],
  providers: [PendingWork],
})
export class AdminModule {}
