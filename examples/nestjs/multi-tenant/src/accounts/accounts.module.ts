import { Module } from '@nestjs/common'
import { APP_GUARD } from '@nestjs/core'
import { SettingsModule } from '../settings.ts'
import { SessionGuard } from './session.guard.ts'
import { Sessions } from './sessions.ts'
import { SignInController } from './sign-in.controller.ts'
import { Tenants } from './tenants.ts'

@Module({
  imports: [SettingsModule],
  controllers: [SignInController],
  providers: [Tenants, Sessions, { provide: APP_GUARD, useClass: SessionGuard }],
  exports: [Tenants],
})
export class AccountsModule {}
