import { isErrorCode } from '../errors/index.ts'
import { membersOf, parseMembers, type Members } from './members.ts'
import { isScopeToken } from './scopes.ts'
import { Secret } from './secret.ts'
import type { AccessToken, Attempt, ConnectionRecord, CoolDown, Identity, Lease, Status, TokenSet } from './record.ts'

/** Version of what `encodeRecord` writes. */
export const recordFormat = 1

/** The record as the text that is sealed. Secrets are in it: it goes to the envelope and nowhere else. */
export const encodeRecord = (record: ConnectionRecord): string =>
  JSON.stringify({ format: recordFormat, ...record, tokens: record.tokens && plainTokens(record.tokens) })

const plainTokens = ({ refreshToken, accessToken, ...facts }: TokenSet) => ({
  ...facts,
  refreshToken: refreshToken.reveal(),
  accessToken: accessToken && { ...accessToken, token: accessToken.token.reveal() },
})

/** The record that a text holds, or `undefined` where it holds none: every member is checked and copied, none is trusted. */
export const decodeRecord = (text: string): ConnectionRecord | undefined => {
  try {
    const fields = parseMembers(text)
    return fields && readRecord(fields)
  } catch {
    return undefined
  }
}

const readRecord = (fields: Members): ConnectionRecord => {
  if (fields('format') !== recordFormat) throw malformed
  return {
    status: oneOf(fields('status'), statuses),
    attempts: list(fields('attempts')).map(readAttempt),
    budget: list(fields('budget')).map(instant),
    ...optional(fields, 'since', instant),
    ...optional(fields, 'principal', string),
    ...optional(fields, 'tokens', readTokens),
    ...optional(fields, 'requestedScopes', readScopes),
    ...optional(fields, 'lease', readLease),
    ...optional(fields, 'rejected', readRejected),
    ...optional(fields, 'coolDown', readCoolDown),
    ...optional(fields, 'identity', readIdentity),
  }
}

const outcomes = ['granted', 'failed'] as const
const statuses: readonly Status[] = ['none', 'active', 'needs-consent', 'revoking', 'revoked']

const readTokens = (value: unknown): TokenSet => {
  const fields = object(value)
  return {
    dataCenter: string(fields('dataCenter')),
    scopes: readScopes(fields('scopes')),
    refreshToken: new Secret(string(fields('refreshToken'))),
    refreshTokenId: string(fields('refreshTokenId')),
    ...optional(fields, 'accessToken', readAccessToken),
    ...optional(fields, 'apiDomain', string),
  }
}

const readAccessToken = (value: unknown): AccessToken => {
  const fields = object(value)
  return {
    id: string(fields('id')),
    token: new Secret(string(fields('token'))),
    mintedAt: instant(fields('mintedAt')),
    expiresAt: instant(fields('expiresAt')),
  }
}

const readAttempt = (value: unknown): Attempt => {
  const fields = object(value)
  return {
    state: string(fields('state')),
    at: instant(fields('at')),
    ...optional(fields, 'id', string),
    ...optional(fields, 'outcome', (outcome) => oneOf(outcome, outcomes)),
  }
}

const readLease = (value: unknown): Lease => {
  const fields = object(value)
  return { holder: string(fields('holder')), until: instant(fields('until')) }
}

const readRejected = (value: unknown) => {
  const fields = object(value)
  return { accessTokenId: string(fields('accessTokenId')), at: instant(fields('at')) }
}

const readCoolDown = (value: unknown): CoolDown => {
  const fields = object(value)
  const code = string(fields('code'))
  if (!isErrorCode(code)) throw malformed
  return { until: instant(fields('until')), code, failures: instant(fields('failures')) }
}

const readIdentity = (value: unknown): Identity => {
  const fields = object(value)
  return {
    ...optional(fields, 'organizationId', string),
    ...optional(fields, 'organizationName', string),
    ...optional(fields, 'userId', string),
    ...optional(fields, 'userName', string),
  }
}

const readScopes = (value: unknown): string[] =>
  list(value).map((scope) => {
    const text = string(scope)
    if (!isScopeToken(text)) throw malformed
    return text
  })

const malformed = Symbol('malformed')

const object = (value: unknown): Members => {
  const members = membersOf(value)
  if (!members) throw malformed
  return members
}

const list = (value: unknown): unknown[] => {
  if (!Array.isArray(value) || value.length > 1_000) throw malformed
  return value
}

const string = (value: unknown): string => {
  if (typeof value !== 'string' || value.length > 8_192) throw malformed
  return value
}

const instant = (value: unknown): number => {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw malformed
  return value as number
}

const oneOf = <T extends string>(value: unknown, allowed: readonly T[]): T => {
  if (!allowed.includes(value as T)) throw malformed
  return value as T
}

const optional = <K extends string, T>(fields: Members, name: K, read: (value: unknown) => T): { [P in K]?: T } => {
  const value = fields(name)
  return value === undefined ? {} : ({ [name]: read(value) } as { [P in K]?: T })
}
