import { isErrorCode, type ErrorCode } from '../errors/codes.ts'
import { ownProperties } from '../internal/json.ts'
import { isScopeToken } from './scopes.ts'
import { Secret } from './secret.ts'
import type { Attempt, ConnectionRecord, Status, TokenSet } from './record.ts'

/** The version of the text that `encodeRecord` writes. */
export const recordFormat = 1

/**
 * Encodes a record as the text to seal. The text contains secrets, so it must not be used anywhere
 * else.
 */
export const encodeRecord = (record: ConnectionRecord): string =>
  JSON.stringify({
    format: recordFormat,
    ...record,
    tokens: record.tokens && plainTokens(record.tokens),
    abandoned: record.abandoned?.map((token) => ({
      ...token,
      refreshToken: token.refreshToken.reveal(),
    })),
  })

const plainTokens = ({ refreshToken, accessToken, ...values }: TokenSet) => ({
  ...values,
  refreshToken: refreshToken.reveal(),
  accessToken: accessToken && { ...accessToken, token: accessToken.token.reveal() },
})

/** Decodes a text. Every property is checked and copied. `undefined`: it is not a valid record. */
export const decodeRecord = (text: string): ConnectionRecord | undefined => {
  const decoded = readRecord(parseJson(text))
  if (!decoded) return undefined
  const { format: _format, ...record } = decoded
  return record
}

/** `undefined` if the text is not JSON. The parser's error is dropped: it would quote the text. */
const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Checks a value and copies it. `undefined`: the value is invalid. */
type Reader<T> = (value: unknown) => T | undefined
type Shape = Readonly<Record<string, Reader<unknown>>>

/** Reads a value that passes the check, without changing it. */
const check =
  <T>(isValid: (value: unknown) => boolean): Reader<T> =>
  (value) =>
    isValid(value) ? (value as T) : undefined

type Value<R extends Reader<unknown>> = Exclude<ReturnType<R>, undefined>
type ObjectOf<Mandatory extends Shape, Optional extends Shape> = {
  [K in keyof Mandatory]: Value<Mandatory[K]>
} & {
  [K in keyof Optional]?: Value<Optional[K]>
}

/** Reads an object with these own properties. Other properties are ignored. */
const object =
  <const Mandatory extends Shape, const Optional extends Shape>(
    mandatory: Mandatory,
    optional = {} as Optional,
  ): Reader<ObjectOf<Mandatory, Optional>> =>
  (value) => {
    const property = ownProperties(value)
    if (!property) return undefined
    const present = Object.entries(optional).filter(([name]) => property(name) !== undefined)
    const entries = [...Object.entries(mandatory), ...present].map(
      ([name, read]) => [name, read(property(name))] as const,
    )
    const isValid = entries.every(([, decoded]) => decoded !== undefined)
    return isValid ? (Object.fromEntries(entries) as ObjectOf<Mandatory, Optional>) : undefined
  }

/** Reads an array of at most 1,000 items. */
const list =
  <T>(read: Reader<T>): Reader<T[]> =>
  (value) => {
    if (!Array.isArray(value) || value.length > 1_000) return undefined
    const items = value.map(read)
    return items.includes(undefined) ? undefined : (items as T[])
  }

const oneOf = <T>(...allowed: readonly T[]): Reader<T> =>
  check((value) => allowed.includes(value as T))
/** At most 8,192 characters. */
const string = check<string>((value) => typeof value === 'string' && value.length <= 8_192)
const instant = check<number>((value) => Number.isSafeInteger(value) && (value as number) >= 0)
const flag = check<boolean>((value) => typeof value === 'boolean')
const secret: Reader<Secret> = (value) => {
  const text = string(value)
  return text === undefined ? undefined : new Secret(text)
}
const scopes = list(check<string>((value) => typeof value === 'string' && isScopeToken(value)))

const coolDown = object(
  {
    until: instant,
    code: check<ErrorCode>((value) => typeof value === 'string' && isErrorCode(value)),
    failures: instant,
  },
  { zohoError: string },
)
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
        { stateHash: string, at: instant },
        { id: string, outcome, limitedPrincipal: string, tokenCounted: flag },
      ),
    ),
    recentCalls: list(instant),
  },
  {
    since: instant,
    principal: string,
    tokens: object(
      { dataCenter: string, scopes, refreshToken: secret, refreshTokenId: string },
      {
        accessToken: object({ id: string, token: secret, issuedAt: instant, expiresAt: instant }),
        apiDomain: string,
        selfClient: flag,
      },
    ),
    requestedScopes: scopes,
    lease: object({ holder: string, until: instant }),
    rejections: list(object({ endpoint: string, at: instant })),
    coolDown,
    refreshTokens: instant,
    abandoned: list(
      object(
        {
          dataCenter: string,
          refreshToken: secret,
          refreshTokenId: string,
          recentCalls: list(instant),
        },
        { coolDown },
      ),
    ),
    identity: object(
      {},
      { organizationId: string, organizationName: string, userId: string, userName: string },
    ),
  },
)
