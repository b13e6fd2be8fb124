import { ZohoRecruitModule } from '@zrecruit/oauth-nestjs'
import { sqliteStore } from '@zrecruit/oauth-nestjs/sqlite'
import { Public, type AppRequest } from './accounts/session.guard.ts'
import { Settings, SettingsModule } from './settings.ts'

export const zoho = ZohoRecruitModule.forRootAsync({
  isGlobal: true,
  // The guard still says who is signed in; that nobody is, the routes say themselves, also when
  // Zoho sends the browser back.
  decorators: [Public()],
  imports: [SettingsModule],
  inject: [Settings],
  useFactory: ({
    clientId,
    clientSecret,
    redirectUri,
    database,
    encryptionKeys,
    dataCenters,
  }: Settings) => ({
    clientId,
    clientSecret,
    redirectUri,
    // The last two permit to ask who was connected: for the pages, and so that nobody connects
    // another account by mistake.
    scopes: ['ZohoRecruit.modules.READ', 'ZohoRecruit.users.READ', 'ZohoRecruit.org.READ'],
    store: sqliteStore(database),
    encryptionKeys,
    dataCenters,
    // One connection for each office, and all of them belong to the tenant: `revokeAll(tenant)`
    // ends them together.
    connectionFor: ({ user }: AppRequest) =>
      user?.office && {
        id: user.office.id,
        principal: user.office.tenant.id,
        dataCenter: user.office.dataCenter,
      },
  }),
})
