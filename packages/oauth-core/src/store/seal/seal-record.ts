import { RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import { decodeRecord, encodeRecord, recordFormat } from '../../domain/record-schema.ts'
import { isPending, type ConnectionId, type ConnectionRecord } from '../../domain/record.ts'
import type { RandomBytes } from '../../config/host.ts'
import type { Revision, SealedRecord } from '../connection-store.ts'
import { open, seal, type OpenFailure } from './envelope.ts'
import type { KeyRing } from './key-ring.ts'

/** Whose record it is: a row that is moved to another client or connection does not open. */
export interface RecordLocation {
  readonly clientId: string
  readonly connection: ConnectionId
}

export const sealRecord = async (
  ring: KeyRing,
  random: RandomBytes,
  location: RecordLocation,
  record: ConnectionRecord,
  revision: Revision,
): Promise<SealedRecord> => {
  const dataCenter = record.tokens?.dataCenter
  const text = encodeRecord(record)
  // What could not be read again is not written over what can.
  if (!decodeRecord(text)) throw new RecruitOAuthError('record-unreadable')
  const row = {
    revision,
    status: record.status,
    pending: isPending(record),
    ...(record.principal !== undefined && { principal: record.principal }),
    ...(dataCenter !== undefined && { dataCenter }),
  }
  return { ...row, envelope: await seal(ring, random, 'record', identityOf(location, row), text) }
}

/** Else it was sealed with a former key, or one that is not known. */
export const isSealedWithCurrent = async (
  ring: KeyRing,
  { envelope }: SealedRecord,
): Promise<boolean> => envelope.split('.')[1] === (await ring.sealing('record')).id

export const openRecord = async (
  ring: KeyRing,
  location: RecordLocation,
  sealed: SealedRecord,
): Promise<{ readonly record: ConnectionRecord } | { readonly failure: OpenFailure }> => {
  const opened = await open(ring, 'record', identityOf(location, sealed), sealed.envelope)
  if ('failure' in opened) return opened
  const record = decodeRecord(opened.text)
  return record ? { record } : { failure: 'record-unreadable' }
}

/** All that a store can see is bound: a row of which anything was altered does not open. */
const identityOf = (
  { clientId, connection }: RecordLocation,
  { revision, dataCenter = '', status, pending, principal = '' }: Omit<SealedRecord, 'envelope'>,
): string[] =>
  [recordFormat, clientId, connection, revision, dataCenter, status, pending, principal].map(String)
