import { Controller, UseGuards } from '@nestjs/common'
import { MessagePattern } from '@nestjs/microservices'
import { isRecruitOAuthError, ZohoConnectionGuard } from '../src/index.ts'

export const errorCodeOf = (error: unknown) => (isRecruitOAuthError(error) ? error.code : 'other')

@Controller()
export class Guarded {
  @MessagePattern('list')
  @UseGuards(ZohoConnectionGuard)
  list() {
    return 'protected body'
  }
}
