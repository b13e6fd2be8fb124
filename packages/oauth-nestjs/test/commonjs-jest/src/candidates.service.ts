import { Injectable } from '@nestjs/common';
import { InjectZohoRecruit, type ZohoRecruit } from '@zrecruit/oauth-nestjs';

@Injectable()
export class CandidatesService {
  constructor(@InjectZohoRecruit() private readonly zoho: ZohoRecruit) {}

  async count(tenant: string): Promise<number> {
    const response = await this.zoho.connection(tenant).fetch('Candidates?per_page=3');
    const { data } = (await response.json()) as { data: unknown[] };
    return data.length;
  }
}
