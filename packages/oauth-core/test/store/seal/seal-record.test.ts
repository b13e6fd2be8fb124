import { describe, expect, test } from 'vitest'
import { noRecord, type ConnectionRecord } from '../../../src/domain/record.ts'
import type { SealedRecord } from '../../../src/store/connection-store.ts'
import { createKeyRing, openRecord, seal, sealRecord } from '../../../src/store/seal.ts'
import { full } from '../../domain/sample.ts'
import { random, secretKey } from './key.ts'

const keys = createKeyRing(() => [secretKey(1)])
const location = { clientId: '1000.CLIENT', connection: 'acme' }
const sealed = (record: ConnectionRecord = full) =>
  sealRecord(keys, random, location, record, 'revision-1')

describe('a sealed record', () => {
  test('opens to the same record, and has the columns that a store indexes', async () => {
    const { envelope, ...columns } = await sealed()
    expect(columns).toEqual({
      revision: 'revision-1',
      status: 'active',
      pending: true,
      principal: 'ann',
      dataCenter: 'eu',
    })
    const opened = await openRecord(keys, location, { envelope, ...columns })
    expect(opened).toEqual({ record: full })
    expect('record' in opened && opened.record.tokens?.refreshToken.reveal()).toBe(
      'refresh-token-value',
    )
  })

  test('has neither principal nor data center if the record is empty', async () => {
    const { envelope: _sealed, ...columns } = await sealed(noRecord)
    expect(columns).toEqual({ revision: 'revision-1', status: 'none', pending: true })
  })

  test.each<[string, typeof location, Partial<SealedRecord>]>([
    ['of another client', { ...location, clientId: '1000.OTHER' }, {}],
    ['of another connection', { ...location, connection: 'Acme' }, {}],
    [
      'of the same text, split differently into client and connection',
      { clientId: '1000.CLIENTa', connection: 'cme' },
      {},
    ],
    ['of another revision', location, { revision: 'revision-2' }],
    ['of another data center', location, { dataCenter: 'in' }],
    ['of another status', location, { status: 'revoked' }],
    ['of another principal', location, { principal: 'mallory' }],
    ['with another value of pending', location, { pending: false }],
    ['with an envelope that is no string', location, { envelope: 5 } as never],
    ['without a data center', location, { dataCenter: undefined } as never],
  ])('does not open as a record %s', async (_title, other, columns) => {
    expect(await openRecord(keys, other, { ...(await sealed()), ...columns })).toEqual({
      failure: 'record-unreadable',
    })
  })

  test('does not open if its format or its text is invalid', async () => {
    const row = await sealed()
    const identity = [
      '1',
      location.clientId,
      location.connection,
      row.revision,
      'eu',
      row.status,
      String(row.pending),
      row.principal ?? '',
    ]
    const envelope = (format: string, text: string) =>
      seal(keys, random, 'record', [format, ...identity.slice(1)], text)
    expect(
      await openRecord(keys, location, { ...row, envelope: await envelope('2', '{}') }),
    ).toEqual({
      failure: 'record-unreadable',
    })
    expect(
      await openRecord(keys, location, { ...row, envelope: await envelope('1', '{"format":1}') }),
    ).toEqual({ failure: 'record-unreadable' })
    expect(
      await openRecord(keys, location, {
        ...row,
        envelope: await envelope(
          '1',
          '{"format":1,"status":"revoked","attempts":[],"recentCalls":[]}',
        ),
      }),
    ).toEqual({ record: { status: 'revoked', attempts: [], recentCalls: [] } })
  })

  test('fails with key-unknown if its key is gone', async () => {
    expect(
      await openRecord(
        createKeyRing(() => [secretKey(2)]),
        location,
        await sealed(),
      ),
    ).toEqual({ failure: 'key-unknown' })
  })

  test('contains no secret in any encoding', async () => {
    const row = await sealed()
    const bytes = Buffer.from(row.envelope.split('.')[3] as string, 'base64url')
    const seen = [JSON.stringify(row), bytes.toString('latin1'), bytes.toString('hex')].join('\n')
    for (const secret of [
      'refresh-token-value',
      'access-token-value',
      'acme',
      'ZohoRecruit',
      'zohoapis',
    ]) {
      for (const encoding of ['utf8', 'hex', 'base64', 'base64url'] as const) {
        expect(seen).not.toContain(Buffer.from(secret).toString(encoding))
      }
    }
  })
})
