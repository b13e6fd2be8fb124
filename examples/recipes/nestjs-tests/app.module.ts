import { BadGatewayException, Controller, Get, Injectable, Module, UseGuards } from '@nestjs/common'
import {
  InjectZohoRecruit,
  ZohoConnection,
  ZohoConnectionGuard,
  ZohoRecruitModule,
  type Connection,
  type DataCenters,
  type ZohoRecruit,
} from '@zrecruit/oauth-nestjs'
import { sqliteStore } from '@zrecruit/oauth-nestjs/sqlite'

type AppRequest = { user?: { id: string; company: string } } // set by your session's guard

@Injectable()
export class Settings {
  clientId = process.env.ZOHO_CLIENT_ID ?? ''
  clientSecret = process.env.ZOHO_CLIENT_SECRET ?? ''
  redirectUri = process.env.ZOHO_REDIRECT_URI ?? ''
  encryptionKeys = [process.env.ZOHO_ENCRYPTION_KEY ?? '']
  database = process.env.ZOHO_DATABASE ?? 'zoho.db'
  dataCenters: DataCenters | undefined // Tests set it: the library knows Zoho's own.
}

@Module({ providers: [Settings], exports: [Settings] })
class SettingsModule {}

@Injectable()
export class Report {
  constructor(@InjectZohoRecruit() private readonly zoho: ZohoRecruit) {}

  async names(company: string): Promise<string[]> {
    const response = await this.zoho.connection(company).fetch('Candidates?per_page=3')
    if (response.status === 204) return []
    const { data } = (await response.json()) as { data: { Full_Name: string }[] }
    return data.map(({ Full_Name }) => Full_Name)
  }
}

@Controller('candidates')
export class CandidatesController {
  @Get()
  @UseGuards(ZohoConnectionGuard)
  async list(@ZohoConnection() zoho: Connection): Promise<unknown> {
    const response = await zoho.fetch('Candidates?per_page=3')
    if (!response.ok) throw new BadGatewayException(`Zoho Recruit answered ${response.status}.`)
    return response.json()
  }
}

@Module({
  imports: [
    ZohoRecruitModule.forRootAsync({
      imports: [SettingsModule],
      inject: [Settings],
      useFactory: ({ database, ...settings }: Settings) => ({
        ...settings,
        scopes: ['ZohoRecruit.modules.READ'],
        store: sqliteStore(database),
        connectionFor: ({ user }: AppRequest) =>
          user && { id: user.company, principal: user.company },
      }),
    }),
  ],
  controllers: [CandidatesController],
  providers: [Report],
})
export class AppModule {}
