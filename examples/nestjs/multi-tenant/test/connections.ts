import { createRecruitOAuth, storedId, type RecruitScope } from '@zrecruit/oauth-core'
import { sqliteStore } from '@zrecruit/oauth-core/sqlite'
import type { Emulator } from '@zrecruit/oauth-emulator'

type At = 'us' | 'eu' | 'in' | 'jp' | 'cn'
const scopes: readonly RecruitScope[] = [
  'ZohoRecruit.modules.READ',
  'ZohoRecruit.users.READ',
  'ZohoRecruit.org.READ',
]

export interface Given {
  readonly id: string
  readonly principal: string
  readonly at?: At
  readonly organization?: string
  readonly name?: readonly [first: string, last: string]
  readonly scopes?: readonly RecruitScope[]
}

/** Creates connections in the app's database, from the test's process. */
export const connectionsIn = (file: string, emulator: Emulator<At>, keys: readonly string[]) => {
  const store = sqliteStore(file)
  const zoho = createRecruitOAuth({
    clientId: emulator.client.id,
    clientSecret: emulator.client.secret,
    redirectUri: 'http://localhost:3000/zoho/callback',
    scopes,
    store,
    encryptionKeys: keys,
    dataCenters: emulator.dataCenters,
    connectionFor: () => undefined,
    onEvent: () => {},
  })
  const read = async (id: string) => store.read(await storedId(emulator.client.id, id))
  return {
    store,
    /** The database row of a connection. */
    read,
    zoho,
    /**
     * Each connection has its own Zoho user, because Zoho revokes all connections of one user
     * together. Returns the user's e-mail address.
     */
    async connect({
      id,
      principal,
      at = 'eu',
      organization = `Organization of ${id}`,
      name: [firstName, lastName] = ['Toni', 'Falk'],
      scopes: granted = scopes,
    }: Given): Promise<string> {
      const { user } = emulator.addUser({
        dataCenter: at,
        firstName,
        lastName,
        organization,
      })
      const { code } = emulator.issueSelfClientCode({
        scope: granted.join(','),
        dataCenter: at,
        user,
      })
      await zoho
        .connection(id)
        .exchangeSelfClientCode(code, { principal, dataCenter: at, scopes: granted })
      return user
    },
    /** A row that cannot be decrypted, because its envelope belongs to another row. */
    async spoil(id: string, like: string): Promise<void> {
      const [row, other] = [await read(id), await read(like)]
      if (!row.record || !other.record) throw new Error('nothing stands there')
      await store.write(
        await storedId(emulator.client.id, id),
        { ...row.record, envelope: other.record.envelope, revision: 'spoilt' },
        row.record.revision,
      )
    },
  }
}

/** Twelve connections, in every status. The app no longer has the key `old`. */
export const everyStatus = async (
  file: string,
  emulator: Emulator<At>,
  key: string,
  old: string,
): Promise<void> => {
  const { zoho, connect, spoil } = connectionsIn(file, emulator, [key])
  await connect({
    id: 'nordlicht-hamburg',
    principal: 'nordlicht',
    organization: 'Nordlicht Personal GmbH',
    name: ['Mara', 'Lindholm'],
  })
  await connect({
    id: 'bluebonnet-austin',
    principal: 'bluebonnet',
    at: 'us',
    organization: 'Bluebonnet Staffing, Inc.',
    name: ['Dana', 'Reyes'],
  })
  await connect({
    id: 'lotus-hangzhou',
    principal: 'lotus',
    at: 'cn',
    organization: '荷桥人才',
    name: ['Mei', 'Lin'],
  })
  await connect({
    id: 'harm',
    principal: '"><script>alert(1)</script>',
    organization: `<img src=x onerror=alert(1)>"'&`,
    name: ['<b>Eve', '\u202eelttil</b>'],
  })
  await connect({
    id: 'quayside-leeds',
    principal: 'quayside',
    organization: 'Quayside',
    scopes: ['ZohoRecruit.modules.READ'],
  })
  await connect({
    id: 'left-behind',
    principal: 'an-agency-that-left-us-last-year',
    at: 'jp',
    organization: 'Aoba Partners',
    name: ['Haruka', 'Sato'],
  })
  await connect({
    id: 'a-very-long-name-for-a-connection-without-any-place-to-break-it-0123456789',
    principal: 'nordlicht',
    organization: 'Vereinigte Personaldienstleistungsgesellschaften Norddeutschland',
    name: ['Maximiliane', 'Freifrau von Hohenstein-Wolkenburg'],
  })
  const lost = await connect({
    id: 'nordlicht-kiel',
    principal: 'nordlicht',
    organization: 'Nordlicht Kiel',
    name: ['Ole', 'Petersen'],
  })
  emulator.revokeByUser({ user: lost })
  await zoho
    .connection('nordlicht-kiel')
    .refresh()
    .catch(() => {})
  await connect({
    id: 'bluebonnet-boise',
    principal: 'bluebonnet',
    at: 'us',
    organization: 'Bluebonnet Boise',
    name: ['Sam', 'Ito'],
  })
  await zoho.connection('bluebonnet-boise').revoke()
  await connect({
    id: 'bluebonnet-pune',
    principal: 'bluebonnet',
    at: 'in',
    organization: 'Bluebonnet India Pvt. Ltd.',
    name: ['Asha', 'Kulkarni'],
  })
  emulator.addFault({ on: 'revoke', dataCenter: 'in', kind: 'status', status: 503 })
  await zoho
    .connection('bluebonnet-pune')
    .revoke()
    .catch(() => {})
  await connect({ id: 'lotus-suzhou', principal: 'lotus', at: 'cn' })
  await spoil('lotus-suzhou', 'lotus-hangzhou')
  await connectionsIn(file, emulator, [old]).connect({
    id: 'lotus-chengdu',
    principal: 'lotus',
    at: 'cn',
  })
}
