import { ZohoRecruitModule } from '@zrecruit/oauth-nestjs'
import { sqliteStore } from '@zrecruit/oauth-nestjs/sqlite'
import { Public, type AppRequest } from './accounts/session.guard.ts'
import { Settings, SettingsModule } from './settings.ts'

export const zoho = ZohoRecruitModule.forRootAsync({
  isGlobal: true,
  // The guard lets requests without a session through, and the library's routes answer them. It
  // still puts the signed-in user on the request.
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
    // With the last two scopes, the library reads the organization and the user. The pages show
    // them, and a consent with another account is refused.
    scopes: ['ZohoRecruit.modules.READ', 'ZohoRecruit.users.READ', 'ZohoRecruit.org.ALL'],
    store: sqliteStore(database),
    encryptionKeys,
    dataCenters,
    // One connection per office. Their principal is the tenant, so that `revokeAll(tenant)` revokes
    // all of them.
    connectionFor: ({ user }: AppRequest) =>
      user?.office && {
        id: user.office.id,
        principal: user.office.tenant.id,
        dataCenter: user.office.dataCenter,
      },
  }),
})
