import { isErrorCode, type ErrorCode } from '../errors/codes.ts'
import { ownProperties } from '../internal/json.ts'
import { isScopeToken } from './scopes.ts'
import { Secret } from './secret.ts'
import type { Attempt, ConnectionRecord, Status, TokenSet } from './record.ts'

/** Version of what `encodeRecord` writes. */
export const recordFormat = 1

/**
 * The record as the text that is sealed. Secrets are in it: it goes to the envelope and nowhere
 * else.
 */
export const encodeRecord = (record: ConnectionRecord): string =>
  JSON.stringify({
    format: recordFormat,
    ...record,
    tokens: record.tokens && plainTokens(record.tokens),
    abandoned: record.abandoned?.map((one) => ({
      ...one,
      refreshToken: one.refreshToken.reveal(),
    })),
  })

const plainTokens = ({ refreshToken, accessToken, ...facts }: TokenSet) => ({
  ...facts,
  refreshToken: refreshToken.reveal(),
  accessToken: accessToken && { ...accessToken, token: accessToken.token.reveal() },
})

/**
 * The record that a text holds, or `undefined` where it holds none: every member is checked and
 * copied, none is trusted.
 */
export const decodeRecord = (text: string): ConnectionRecord | undefined => {
  const read = readRecord(parsed(text))
  if (!read) return undefined
  const { format: _format, ...record } = read
  return record
}

/** The parser's own error would quote the text: there is none. */
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Reads a value, or answers `undefined` where it does not fit. */
type Read<T> = (value: unknown) => T | undefined
type Shape = Readonly<Record<string, Read<unknown>>>

/** A value that passes the check, as it is. */
const check =
  <T>(isFit: (value: unknown) => boolean): Read<T> =>
  (value) =>
    isFit(value) ? (value as T) : undefined

type Found<R extends Read<unknown>> = Exclude<ReturnType<R>, undefined>
type FoundIn<Needed extends Shape, Optional extends Shape> = {
  [K in keyof Needed]: Found<Needed[K]>
} & {
  [K in keyof Optional]?: Found<Optional[K]>
}

/** An object with these members, by its own; any other is left behind. */
const object =
  <const Needed extends Shape, const Optional extends Shape>(
    needed: Needed,
    optional = {} as Optional,
  ): Read<FoundIn<Needed, Optional>> =>
  (value) => {
    const fields = ownProperties(value)
    if (!fields) return undefined
    const given = Object.entries(optional).filter(([name]) => fields(name) !== undefined)
    const members = [...Object.entries(needed), ...given].map(
      ([name, read]) => [name, read(fields(name))] as const,
    )
    if (members.some(([, member]) => member === undefined)) return undefined
    return Object.fromEntries(members) as FoundIn<Needed, Optional>
  }

const list =
  <T>(read: Read<T>): Read<T[]> =>
  (value) => {
    if (!Array.isArray(value) || value.length > 1_000) return undefined
    const items = value.map(read)
    return items.includes(undefined) ? undefined : (items as T[])
  }

const oneOf = <T>(...allowed: readonly T[]): Read<T> =>
  check((value) => allowed.includes(value as T))
const string = check<string>((value) => typeof value === 'string' && value.length <= 8_192)
const instant = check<number>((value) => Number.isSafeInteger(value) && (value as number) >= 0)
const flag = check<boolean>((value) => typeof value === 'boolean')
const secret: Read<Secret> = (value) => {
  const text = string(value)
  return text === undefined ? undefined : new Secret(text)
}
const scopes = list(check<string>((value) => typeof value === 'string' && isScopeToken(value)))

const coolDown = object({
  until: instant,
  code: check<ErrorCode>((value) => typeof value === 'string' && isErrorCode(value)),
  failures: instant,
})
const outcome = oneOf<NonNullable<Attempt['outcome']>>(
  'granted',
  'failed',
  'lost',
  'overtaken',
  'abandoned',
)

const readRecord = object(
  {
    format: oneOf(recordFormat),
    status: oneOf<Status>('none', 'active', 'needs-consent', 'revoking', 'revoked'),
    attempts: list(
      object(
        { state: string, at: instant },
        { id: string, outcome, countedFor: string, counted: flag },
      ),
    ),
    budget: list(instant),
  },
  {
    since: instant,
    principal: string,
    tokens: object(
      { dataCenter: string, scopes, refreshToken: secret, refreshTokenId: string },
      {
        accessToken: object({ id: string, token: secret, issuedAt: instant, expiresAt: instant }),
        apiDomain: string,
      },
    ),
    requestedScopes: scopes,
    lease: object({ holder: string, until: instant }),
    rejections: list(object({ endpoint: string, at: instant })),
    coolDown,
    refreshTokens: instant,
    abandoned: list(
      object(
        { dataCenter: string, refreshToken: secret, refreshTokenId: string, budget: list(instant) },
        { coolDown },
      ),
    ),
    identity: object(
      {},
      { organizationId: string, organizationName: string, userId: string, userName: string },
    ),
  },
)
