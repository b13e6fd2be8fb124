import { ZohoRecruitModule } from '@zrecruit/oauth-nestjs'
import { sqliteStore } from '@zrecruit/oauth-nestjs/sqlite'
import { Public, type AppRequest } from './accounts/session.guard.ts'
import { Settings, SettingsModule } from './settings.ts'

export const zoho = ZohoRecruitModule.forRootAsync({
  isGlobal: true,
  // The guard still says who is signed in; that nobody is, the routes say themselves, also when Zoho sends the browser back.
  decorators: [Public()],
  imports: [SettingsModule],
  inject: [Settings],
  useFactory: ({ clientId, clientSecret, redirectUri, database, encryptionKeys, dataCenters }: Settings) => ({
    clientId,
    clientSecret,
    redirectUri,
    scopes: ['ZohoRecruit.modules.READ', 'ZohoRecruit.users.READ', 'ZohoRecruit.org.READ'],
    store: sqliteStore(database),
    encryptionKeys,
    dataCenters,
    // One connection for each tenant. Who began a consent has to be who finishes it: the user.
    connectionFor: ({ user }: AppRequest) => user && { id: user.tenant.id, principal: user.id, dataCenter: user.tenant.dataCenter },
  }),
})
