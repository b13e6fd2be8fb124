import { Controller, Get, UseGuards } from '@nestjs/common';
import {
  RequireZohoConnection,
  ZohoConnectionGuard,
  ZohoConnection,
  type Connection,
} from '@zrecruit/oauth-nestjs';
import { CandidatesService } from './candidates.service';

@Controller()
export class CandidatesController {
  constructor(private readonly candidates: CandidatesService) {}

  @Get('candidates')
  @UseGuards(ZohoConnectionGuard)
  async list(@ZohoConnection() zoho: Connection): Promise<{ count: number; status: number }> {
    const response = await zoho.fetch('Candidates?per_page=2');
    return { count: await this.candidates.count('acme'), status: response.status };
  }

  @Get('users')
  @RequireZohoConnection({ scopes: ['ZohoRecruit.users.READ'] })
  users(): string {
    return 'never';
  }
}
