import { isRecruitOAuthError, RecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import type { ConnectionStore, ConnectionSummary, SealedRecord } from '../store/connection-store.ts'
import type { MonotonicClock, RandomBytes } from './host.ts'
import { invalidOption } from './invalid-option.ts'
import type { RecruitOAuthOptions } from './options.ts'

const functionOptions = [
  'onEvent',
  'waitUntil',
  'fetch',
  'random',
  'monotonic',
  'renderPage',
] as const
const storeMethods = ['read', 'write', 'list'] as const

/**
 * Checks the types of the functions that the app injects. Without this check, a wrong `onEvent` or
 * `store` would fail later, and nobody would see some of these errors.
 * @throws `configuration-invalid`
 */
export const checkHostFunctions = <Context>(options: RecruitOAuthOptions<Context>): void => {
  for (const name of functionOptions) {
    const value = options[name]
    if (value !== undefined && typeof value !== 'function')
      throw invalidOption(name, 'must be a function')
  }
  const { store } = options
  if (store === undefined) return
  const isStore = storeMethods.every((method) => typeof store?.[method] === 'function')
  if (!isStore) throw invalidOption('store', 'must be a store')
}

/**
 * Returns the result of an injected function.
 * @throws `configuration-invalid` if it throws, or returns an invalid value
 */
const callHostFunction = <T>(
  option: string,
  requirement: string,
  call: () => T,
  isValid: (result: T) => boolean,
): T => {
  try {
    const result = call()
    if (isValid(result)) return result
  } catch {
    // The error is dropped, because it can quote anything.
  }
  throw invalidOption(option, requirement)
}

/** Not `instanceof`, because test runners have a `Uint8Array` of their own. */
const isUint8Array = (value: unknown): boolean =>
  ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]'

/** Checks each result of `random`. The returned function throws `configuration-invalid`. */
export const withCheckedBytes =
  (random: RandomBytes): RandomBytes =>
  (length) =>
    callHostFunction(
      'random',
      'must return a new `Uint8Array` of the requested length',
      () => random(length),
      (bytes) => isUint8Array(bytes) && bytes.length === length,
    )

/**
 * Checks that each result of `monotonic` is a finite number. The returned function throws
 * `configuration-invalid`.
 */
export const withCheckedTime =
  (monotonic: MonotonicClock): MonotonicClock =>
  () =>
    callHostFunction(
      'monotonic',
      'must return milliseconds that never decrease',
      monotonic,
      Number.isFinite,
    )

/** A response of the app's own store. Its properties can have any value. */
type Untrusted<T> = { readonly [K in keyof T]?: unknown }

const invalidResponse = (method: string): RecruitOAuthError =>
  new RecruitOAuthError('store-unavailable', {
    summary: `The store's response to \`${method}\` is invalid.`,
  })

/** Reads the properties of a response. A getter or a proxy can throw any error. */
const readResult = <T>(method: string, read: () => T): T => {
  try {
    return read()
  } catch (error) {
    throw isRecruitOAuthError(error) ? error : invalidResponse(method)
  }
}

/**
 * This library stores strings in these properties, or leaves them out. Another value becomes an
 * empty string. If the row had a string there, it then fails to open, and `forget()` can remove it.
 */
const toText = (value: unknown): string => (typeof value === 'string' ? value : '')
const toOptionalText = (value: unknown): string | undefined =>
  value === undefined ? undefined : toText(value)

const toRecord = (record: Untrusted<SealedRecord>): SealedRecord => {
  const { revision, status, pending, principal, dataCenter, envelope } = record
  if (typeof revision !== 'string') throw invalidResponse('read')
  return {
    revision,
    status: toText(status),
    pending: pending === true,
    envelope: toText(envelope),
    principal: toOptionalText(principal),
    dataCenter: toOptionalText(dataCenter),
  } as SealedRecord
}

const toSummary = (row: Untrusted<ConnectionSummary>): ConnectionSummary => {
  const { id, status, pending, principal, dataCenter } = row
  if (typeof id !== 'string' || typeof status !== 'string') throw invalidResponse('list')
  return {
    id,
    status,
    pending: pending === true,
    principal: toOptionalText(principal),
    dataCenter: toOptionalText(dataCenter),
  } as ConnectionSummary
}

/**
 * Checks each response of the store, except `asOf`, which `store-commands.ts` checks. The methods
 * throw `store-unavailable` for an invalid one.
 */
export const withCheckedResults = (store: ConnectionStore): ConnectionStore => ({
  async read(id) {
    const response: Untrusted<Awaited<ReturnType<ConnectionStore['read']>>> = await store.read(id)
    return readResult('read', () => {
      const { record, asOf } = response
      if (record === null) throw invalidResponse('read')
      return {
        asOf: asOf as number,
        ...(record !== undefined && { record: toRecord(record) }),
      }
    })
  },
  async write(id, next, expected) {
    const response: Untrusted<Awaited<ReturnType<ConnectionStore['write']>>> = await store.write(
      id,
      next,
      expected,
    )
    return readResult('write', () => {
      const { written, asOf } = response
      if (typeof written !== 'boolean') throw invalidResponse('write')
      return { written, asOf: asOf as number }
    })
  },
  async list(query) {
    const response: unknown = await store.list(query)
    return readResult('list', () => {
      if (!Array.isArray(response)) throw invalidResponse('list')
      return response.map((row: Untrusted<ConnectionSummary>) => toSummary(row))
    })
  },
})
