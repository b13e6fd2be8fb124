import { describe, expect, it } from 'vitest'
import { storedId, type ConnectionStore, type SealedRecord } from '../../src/index.ts'
import { errorCodeOf, grant, startSetup } from './setup.ts'

/** Connections of two tenants. The row of one is overwritten with the row of the other. */
const startWithCopiedRow = async (
  change: (theirs: SealedRecord, mine: SealedRecord) => SealedRecord,
) => {
  const setup = await startSetup()
  setup.script.token = grant()
  for (const id of ['mine', 'theirs'])
    await setup.client().connection(id).exchangeSelfClientCode(`code.of.${id}`, { principal: id })
  const mine = (await setup.store.read('mine')).record!
  const theirs = (await setup.store.read('theirs')).record!
  await setup.store.write('mine', change(theirs, mine), mine.revision)
  setup.server.received.length = 0
  return setup
}

describe('R2, R3, M17: a row that was changed in the store', () => {
  it.each<[string, (theirs: SealedRecord, mine: SealedRecord) => SealedRecord]>([
    ['R2: of another connection', (theirs) => theirs],
    [
      'R2: of another tenant, with this one as its principal',
      (theirs) => ({ ...theirs, principal: 'mine' }),
    ],
    [
      'R2: with the envelope of another row',
      (theirs, mine) => ({ ...mine, envelope: theirs.envelope }),
    ],
    ['R3: whose data center was changed', (_, mine) => ({ ...mine, dataCenter: 'in' })],
    ['R3: whose data center is gone', ({ dataCenter: _dataCenter, ...theirs }) => theirs],
    ['M17: whose status was changed', (_, mine) => ({ ...mine, status: 'needs-consent' })],
    [
      'M17: whose envelope was cut short',
      (_, mine) => ({ ...mine, envelope: mine.envelope.slice(0, -4) }),
    ],
    ['M17: whose envelope is empty', (_, mine) => ({ ...mine, envelope: '' })],
  ])(
    '%s is refused by every method without a request, and harms no other row',
    async (_, change) => {
      const { client, server } = await startWithCopiedRow(change)
      const zoho = client()
      const { id: _id, ...methods } = zoho.connection('mine')
      for (const method of [
        methods.accessToken,
        () => methods.fetch('Candidates'),
        methods.refresh,
        methods.revoke,
        methods.status,
      ])
        expect(await errorCodeOf(method())).toBe('record-unreadable')
      expect(
        (await zoho.connections()).connections.map(({ id, unreadable }) => [id, unreadable]),
      ).toEqual([
        ['mine', 'record-unreadable'],
        ['theirs', undefined],
      ])
      expect(server.received).toEqual([])
      expect(await errorCodeOf(zoho.connection('theirs').accessToken())).toBe('ok')
      await zoho.connection('mine').forget()
      expect((await zoho.connection('mine').status()).status).toBe('none')
    },
  )

  it('R2: of another client is refused', async () => {
    const { client, server, options } = await startWithCopiedRow((theirs) => theirs)
    const store = options().store as ConnectionStore
    const theirs = await storedId('1000.CLIENT', 'theirs')
    const mine = await storedId('1000.OTHER', 'theirs')
    const { record } = await store.read(theirs)
    await store.write(mine, { ...record!, principal: mine }, 'absent')
    expect(
      await errorCodeOf(client({ clientId: '1000.OTHER' }).connection('theirs').accessToken()),
    ).toBe('record-unreadable')
    expect(server.received).toEqual([])
  })
})
