import { Injectable } from '@nestjs/common';
import type { DataCenters } from '@zrecruit/oauth-nestjs';

@Injectable()
export class Settings {
  redirectUri = 'https://app.example.com/zoho/callback';
  clientId = process.env.ZOHO_CLIENT_ID ?? '';
  clientSecret = process.env.ZOHO_CLIENT_SECRET ?? '';
  encryptionKeys = [process.env.ZOHO_ENCRYPTION_KEY ?? ''];
  database = 'zoho.db';
  dataCenters: DataCenters | undefined;
}
