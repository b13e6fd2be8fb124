import type { RandomBytes } from '../config/host.ts'
import { decodeRecord, encodeRecord, recordFormat } from '../domain/record-schema.ts'
import { isPending, type ConnectionId, type ConnectionRecord } from '../domain/record.ts'
import { RecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import { fromBase64url, toBase64url, utf8 } from '../internal/text.ts'
import type { Revision, SealedRecord } from './connection-store.ts'

/** What a sealed text is used for. Each purpose has its own key, derived from the same secret. */
export type Purpose =
  'record' | 'browser-binding' | 'code-quota' | 'connect-ticket' | 'used-tickets'

interface SealingKey {
  /** Eight characters that name the key in the envelope. They reveal nothing about the key. */
  readonly id: string
  readonly key: CryptoKey
}

/** The keys of a client. The first one seals, and all of them open. */
export interface KeyRing {
  sealingKey(purpose: Purpose): Promise<SealingKey>
  /** `undefined` if no key has this id. */
  openingKey(purpose: Purpose, id: string): Promise<CryptoKey | undefined>
}

/**
 * Derives the keys at first use and keeps them.
 * @param readSecrets returns secrets of 32 bytes, the current one first and former ones after it
 */
export const createKeyRing = (readSecrets: () => readonly Uint8Array<ArrayBuffer>[]): KeyRing => {
  const keysByPurpose = new Map<Purpose, Promise<readonly SealingKey[]>>()
  const keysFor = (purpose: Purpose): Promise<readonly SealingKey[]> => {
    const known = keysByPurpose.get(purpose)
    if (known) return known
    const keys = Promise.all(readSecrets().map((secret) => deriveKey(secret, purpose)))
    keysByPurpose.set(purpose, keys)
    keys.catch(() => keysByPurpose.delete(purpose)) // The next call tries again.
    return keys
  }
  return {
    sealingKey: async (purpose) => (await keysFor(purpose))[0] as SealingKey,
    openingKey: async (purpose, id) => (await keysFor(purpose)).find((key) => key.id === id)?.key,
  }
}

/** Derives the key for a purpose, and its public id, from one secret (HKDF, RFC 5869). */
const deriveKey = async (
  secret: Uint8Array<ArrayBuffer>,
  purpose: Purpose,
): Promise<SealingKey> => {
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, [
    'deriveKey',
    'deriveBits',
  ])
  const hkdf = (use: string) => ({
    name: 'HKDF',
    hash: 'SHA-256',
    salt: new Uint8Array(32),
    info: utf8(`zrecruit ${purpose} ${use}`),
  })
  const [key, id] = await Promise.all([
    crypto.subtle.deriveKey(hkdf('key'), base, { name: 'AES-GCM', length: 256 }, false, [
      'encrypt',
      'decrypt',
    ]),
    crypto.subtle.deriveBits(hkdf('key id'), base, 48),
  ])
  return { id: toBase64url(new Uint8Array(id)), key }
}

/**
 * Seals a text with AES-256-GCM and a random 96-bit IV (NIST SP 800-38D). The envelope is
 * `1.<key id>.<iv>.<ciphertext>`. `boundTo` is the additional data: the envelope opens only
 * together with the same values.
 */
export const seal = async (
  keyRing: KeyRing,
  random: RandomBytes,
  purpose: Purpose,
  boundTo: readonly string[],
  text: string,
): Promise<string> => {
  const { id, key } = await keyRing.sealingKey(purpose)
  const iv = random(12)
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv, additionalData: additionalData(purpose, boundTo) },
    key,
    utf8(text),
  )
  return `1.${id}.${toBase64url(iv)}.${toBase64url(new Uint8Array(sealed))}`
}

/** The length of an envelope: a header of 28 characters, the text and a tag of 16 bytes. */
export const sealedLength = (text: string): number =>
  28 + Math.ceil(((utf8(text).length + 16) * 4) / 3)

/** Why an envelope did not open: its key is not in the ring, or it was altered. */
export type OpenFailure = 'key-unknown' | 'record-unreadable'

export const open = async (
  keyRing: KeyRing,
  purpose: Purpose,
  boundTo: readonly string[],
  envelope: string,
): Promise<{ readonly text: string } | { readonly failure: OpenFailure }> => {
  const [, id = '', iv = '', sealed = ''] =
    /^1\.([\w-]{8})\.([\w-]{16})\.([\w-]+)$/.exec(envelope) ?? []
  const ivBytes = fromBase64url(iv)
  const sealedBytes = fromBase64url(sealed)
  if (!id || !ivBytes || !sealedBytes) return { failure: 'record-unreadable' }
  const key = await keyRing.openingKey(purpose, id)
  if (!key) return { failure: 'key-unknown' }
  try {
    const bytes = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: ivBytes, additionalData: additionalData(purpose, boundTo) },
      key,
      sealedBytes,
    )
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) }
  } catch {
    return { failure: 'record-unreadable' }
  }
}

/** JSON quotes and escapes each text, so two different lists never have the same encoding. */
export const additionalData = (
  purpose: Purpose,
  boundTo: readonly string[],
): Uint8Array<ArrayBuffer> => utf8(JSON.stringify([purpose, ...boundTo]))

/** Where a record belongs. A row that is moved to another client or connection does not open. */
export interface RecordLocation {
  readonly clientId: string
  readonly connection: ConnectionId
}

/** @throws `record-unreadable` if the record could not be decoded again; it must not be stored */
export const sealRecord = async (
  keyRing: KeyRing,
  random: RandomBytes,
  location: RecordLocation,
  record: ConnectionRecord,
  revision: Revision,
): Promise<SealedRecord> => {
  const dataCenter = record.tokens?.dataCenter
  const text = encodeRecord(record)
  if (!decodeRecord(text)) throw new RecruitOAuthError('record-unreadable')
  const row = {
    revision,
    status: record.status,
    pending: isPending(record),
    ...(record.principal !== undefined && { principal: record.principal }),
    ...(dataCenter !== undefined && { dataCenter }),
  }
  const envelope = await seal(keyRing, random, 'record', boundValuesOf(location, row), text)
  return { ...row, envelope }
}

/** `false`: the record was sealed with a former or an unknown key. */
export const isSealedWithCurrentKey = async (
  keyRing: KeyRing,
  { envelope }: SealedRecord,
): Promise<boolean> => envelope.split('.')[1] === (await keyRing.sealingKey('record')).id

export const openRecord = async (
  keyRing: KeyRing,
  location: RecordLocation,
  sealed: SealedRecord,
): Promise<{ readonly record: ConnectionRecord } | { readonly failure: OpenFailure }> => {
  const opened = await open(keyRing, 'record', boundValuesOf(location, sealed), sealed.envelope)
  if ('failure' in opened) return opened
  const record = decodeRecord(opened.text)
  return record ? { record } : { failure: 'record-unreadable' }
}

/** All values that a store can see. A row with an altered value does not open. */
const boundValuesOf = (
  { clientId, connection }: RecordLocation,
  { revision, dataCenter = '', status, pending, principal = '' }: Omit<SealedRecord, 'envelope'>,
): string[] =>
  [recordFormat, clientId, connection, revision, dataCenter, status, pending, principal].map(String)
