import { errorCodes, isErrorCode, type ErrorCode, type ErrorSource, type Remedy } from './codes.ts'

// A symbol instead of `instanceof`: an app can load two copies of this package (ESM and CommonJS).
const brand = Symbol.for('@zrecruit/oauth/error')
const causeKey = Symbol.for('@zrecruit/oauth/dangerous-cause')

export interface ErrorDetails {
  /**
   * What happened, in more detail than the summary of the code. It contains no secret and no text
   * from outside.
   */
  readonly summary?: string | undefined
  readonly hint?: string
  readonly remedy?: Remedy
  /** The app's id of the connection. */
  readonly connection?: string | undefined
  /** The data center of the failed operation. */
  readonly dataCenter?: string | undefined
  /** HTTP status of Zoho's response that caused this error. */
  readonly zohoStatus?: number | undefined
  /**
   * Zoho's own word for the error, such as `invalid_scope`: at most 64 of the characters that RFC
   * 6749, 4.1.2.1 allows. It is text from outside: log it, and do not show it to customers.
   */
  readonly zohoError?: string | undefined
  /**
   * The origin of an accounts server that a callback names and that is not configured. It is text
   * from outside, too.
   */
  readonly accountsServer?: string | undefined
  /** Store time in ms since 1970. Calling again before it is useless. */
  readonly retryAt?: number | undefined
  /**
   * For a failed write to the store. `no`: the write changed nothing and never will; only a store
   * that is certain sets this. `unknown`: the write may have been applied, or may still be applied.
   * Absent: no write was sent.
   */
  readonly written?: 'no' | 'unknown' | undefined
  /** Errors during a clean-up. Each is an error of this library. */
  readonly errors?: readonly RecruitOAuthError[]
  /**
   * For stores: the error of the driver. It may contain anything, also secrets. It is not a
   * property of the error, so nothing logs or serializes it. Core passes it to `onEvent`, in the
   * event `store-failed`.
   */
  readonly dangerousCause?: unknown
}

/** A `RecruitOAuthError` as plain data, for logs, queues and RPC. It contains no secret. */
export interface RecruitOAuthErrorJson extends Omit<ErrorDetails, 'errors' | 'dangerousCause'> {
  readonly name: 'RecruitOAuthError'
  readonly code: ErrorCode
  readonly source: ErrorSource
  readonly remedy: Remedy
  /** The summary and the hint. */
  readonly message: string
  readonly summary: string
  readonly hint: string
  readonly errors?: readonly RecruitOAuthErrorJson[]
}

/**
 * The error class of this library. Branch on `code` (a closed list) or on `remedy`. `message` is
 * the summary and the hint. There is never a `cause`, because errors of the platform can quote
 * URLs, headers and bodies that contain secrets.
 */
export class RecruitOAuthError extends Error {
  override readonly name = 'RecruitOAuthError'
  readonly code: ErrorCode
  readonly source: ErrorSource
  readonly remedy: Remedy
  /** What happened. */
  readonly summary: string
  /** What to do about it. */
  readonly hint: string
  // `declare`: without it, a detail that was not given would be an own property with `undefined`.
  declare readonly connection?: string
  declare readonly dataCenter?: string
  declare readonly zohoStatus?: number
  declare readonly zohoError?: string
  declare readonly accountsServer?: string
  declare readonly retryAt?: number
  declare readonly written?: 'no' | 'unknown'
  declare readonly errors?: readonly RecruitOAuthError[]

  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    const { source, remedy } = errorCodes[code]
    const summary = details.summary ?? errorCodes[code].summary
    const hint = details.hint ?? errorCodes[code].hint
    super(`${summary} ${hint}`)
    this.code = code
    this.source = source
    this.remedy = details.remedy ?? remedy
    this.summary = summary
    this.hint = hint
    if (details.connection !== undefined) this.connection = details.connection
    if (details.dataCenter !== undefined) this.dataCenter = details.dataCenter
    if (details.zohoStatus !== undefined) this.zohoStatus = details.zohoStatus
    if (details.zohoError !== undefined) this.zohoError = details.zohoError
    if (details.accountsServer !== undefined) this.accountsServer = details.accountsServer
    if (details.retryAt !== undefined) this.retryAt = details.retryAt
    if (details.written !== undefined) this.written = details.written
    if (details.errors?.length) this.errors = details.errors
    Object.defineProperty(this, brand, { value: true })
    const { dangerousCause } = details
    // In a function, because `util.inspect` can show hidden properties too.
    if (dangerousCause !== undefined)
      Object.defineProperty(this, causeKey, { value: () => dangerousCause, configurable: true })
  }

  /** Converts the error to plain data. `fromJSON` is the inverse. */
  toJSON(): RecruitOAuthErrorJson {
    const { name, code, source, remedy, message, summary, hint } = this
    const { connection, dataCenter, zohoStatus, zohoError, accountsServer } = this
    const { retryAt, written, errors } = this
    return {
      name,
      code,
      source,
      remedy,
      message,
      summary,
      hint,
      ...(connection !== undefined && { connection }),
      ...(dataCenter !== undefined && { dataCenter }),
      ...(zohoStatus !== undefined && { zohoStatus }),
      ...(zohoError !== undefined && { zohoError }),
      ...(accountsServer !== undefined && { accountsServer }),
      ...(retryAt !== undefined && { retryAt }),
      ...(written !== undefined && { written }),
      ...(errors && { errors: errors.map((error) => error.toJSON()) }),
    }
  }

  /** Converts the result of `toJSON` to an error. @throws `argument-invalid` for any other value */
  static fromJSON(json: RecruitOAuthErrorJson): RecruitOAuthError {
    if (typeof json?.code !== 'string' || !isErrorCode(json.code)) {
      throw new RecruitOAuthError('argument-invalid', {
        summary: 'The value is not the JSON of a RecruitOAuthError.',
      })
    }
    const { code, errors, ...details } = json
    return new RecruitOAuthError(code, {
      ...details,
      ...(errors && { errors: errors.map((error) => RecruitOAuthError.fromJSON(error)) }),
    })
  }
}

/** Returns the `dangerousCause` with which an error was created, and removes it from the error. */
export const takeDangerousCause = (error: RecruitOAuthError): unknown => {
  const holder = error as { [causeKey]?: () => unknown }
  const cause = holder[causeKey]?.()
  delete holder[causeKey]
  return cause
}

/** Adds the connection to an error of this library that does not name one. */
export const nameConnection = (error: unknown, connection: string): void => {
  if (isRecruitOAuthError(error) && error.connection === undefined)
    Object.assign(error, { connection })
}

/** Is the value an error of this library? An error of another copy of this package counts too. */
export const isRecruitOAuthError = (error: unknown): error is RecruitOAuthError => {
  try {
    return typeof error === 'object' && error !== null && brand in error
  } catch {
    return false // A proxy can throw here.
  }
}
