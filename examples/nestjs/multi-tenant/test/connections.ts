import { createRecruitOAuth, storedId, type RecruitScope } from '@zrecruit/oauth-core'
import { sqliteStore } from '@zrecruit/oauth-core/sqlite'
import type { Emulator } from '@zrecruit/oauth-emulator'

type DataCenter = 'us' | 'eu' | 'in' | 'jp' | 'cn'
const scopes: readonly RecruitScope[] = [
  'ZohoRecruit.modules.READ',
  'ZohoRecruit.users.READ',
  'ZohoRecruit.org.ALL',
]

export interface NewConnection {
  readonly id: string
  readonly principal: string
  readonly dataCenter?: DataCenter
  readonly organization?: string
  readonly name?: readonly [first: string, last: string]
  readonly scopes?: readonly RecruitScope[]
}

/** Creates connections in the app's database, from the test's process. */
export const connectionsIn = (
  file: string,
  emulator: Emulator<DataCenter>,
  keys: readonly string[],
) => {
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
      dataCenter = 'eu',
      organization = `Organization of ${id}`,
      name: [firstName, lastName] = ['Toni', 'Falk'],
      scopes: granted = scopes,
    }: NewConnection): Promise<string> {
      const { user } = emulator.addUser({
        dataCenter,
        firstName,
        lastName,
        organization,
      })
      const { code } = emulator.issueSelfClientCode({
        scope: granted.join(','),
        dataCenter,
        user,
      })
      await zoho
        .connection(id)
        .exchangeSelfClientCode(code, { principal, dataCenter, scopes: granted })
      return user
    },
    /** Makes a row unreadable: it gets the envelope of another row. */
    async corrupt(id: string, otherId: string): Promise<void> {
      const row = await read(id)
      const other = await read(otherId)
      if (!row.record || !other.record) throw new Error('There is no such row.')
      await store.write(
        await storedId(emulator.client.id, id),
        { ...row.record, envelope: other.record.envelope, revision: 'corrupt' },
        row.record.revision,
      )
    },
  }
}

/** Creates twelve connections, with every status. The app does not have `lostKey`. */
export const createEveryStatus = async (
  file: string,
  emulator: Emulator<DataCenter>,
  key: string,
  lostKey: string,
): Promise<void> => {
  const { zoho, connect, corrupt } = connectionsIn(file, emulator, [key])
  await connect({
    id: 'nordlicht-hamburg',
    principal: 'nordlicht',
    organization: 'Nordlicht Personal GmbH',
    name: ['Mara', 'Lindholm'],
  })
  await connect({
    id: 'bluebonnet-austin',
    principal: 'bluebonnet',
    dataCenter: 'us',
    organization: 'Bluebonnet Staffing, Inc.',
    name: ['Dana', 'Reyes'],
  })
  await connect({
    id: 'lotus-hangzhou',
    principal: 'lotus',
    dataCenter: 'cn',
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
    dataCenter: 'jp',
    organization: 'Aoba Partners',
    name: ['Haruka', 'Sato'],
  })
  await connect({
    id: 'a-very-long-name-for-a-connection-without-any-place-to-break-it-0123456789',
    principal: 'nordlicht',
    organization: 'Vereinigte Personaldienstleistungsgesellschaften Norddeutschland',
    name: ['Maximiliane', 'Freifrau von Hohenstein-Wolkenburg'],
  })
  const kielUser = await connect({
    id: 'nordlicht-kiel',
    principal: 'nordlicht',
    organization: 'Nordlicht Kiel',
    name: ['Ole', 'Petersen'],
  })
  emulator.revokeByUser({ user: kielUser })
  await zoho
    .connection('nordlicht-kiel')
    .refresh()
    .catch(() => {})
  await connect({
    id: 'bluebonnet-boise',
    principal: 'bluebonnet',
    dataCenter: 'us',
    organization: 'Bluebonnet Boise',
    name: ['Sam', 'Ito'],
  })
  await zoho.connection('bluebonnet-boise').revoke()
  await connect({
    id: 'bluebonnet-pune',
    principal: 'bluebonnet',
    dataCenter: 'in',
    organization: 'Bluebonnet India Pvt. Ltd.',
    name: ['Asha', 'Kulkarni'],
  })
  emulator.addFault({ on: 'revoke', dataCenter: 'in', kind: 'status', status: 503 })
  await zoho
    .connection('bluebonnet-pune')
    .revoke()
    .catch(() => {})
  await connect({ id: 'lotus-suzhou', principal: 'lotus', dataCenter: 'cn' })
  await corrupt('lotus-suzhou', 'lotus-hangzhou')
  await connectionsIn(file, emulator, [lostKey]).connect({
    id: 'lotus-chengdu',
    principal: 'lotus',
    dataCenter: 'cn',
  })
}
