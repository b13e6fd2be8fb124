import { Module } from '@nestjs/common'
import { SettingsModule } from '../settings.ts'
import { RecruitController } from './recruit.controller.ts'
import { RecruitService } from './recruit.service.ts'

@Module({
  imports: [SettingsModule],
  controllers: [RecruitController],
  providers: [RecruitService],
})
export class RecruitModule {}
