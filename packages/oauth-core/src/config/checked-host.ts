import { isRecruitOAuthError, RecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import type { MonotonicClock, RandomBytes } from './host.ts'
import type { ConnectionStore, ConnectionSummary, SealedRecord } from '../store/connection-store.ts'
import { invalidOption } from './invalid-option.ts'

/**
 * What `call` returns. @throws `configuration-invalid` where it throws, or returns what is not
 * usable
 */
const answerOf = <T>(
  option: string,
  wanted: string,
  call: () => T,
  isUsable: (answer: T) => boolean,
): T => {
  try {
    const answer = call()
    if (isUsable(answer)) return answer
  } catch {
    // Its error can quote anything.
  }
  throw invalidOption(option, wanted)
}

/** @throws `configuration-invalid`, when it is called */
export const checkRandom =
  (random: RandomBytes): RandomBytes =>
  (length) =>
    answerOf(
      'random',
      'must return a new `Uint8Array` of the length that was asked for',
      () => random(length),
      (bytes) => ArrayBuffer.isView(bytes) && bytes.byteLength === length,
    )

/** @throws `configuration-invalid`, when it is called */
export const checkMonotonic =
  (monotonic: MonotonicClock): MonotonicClock =>
  () =>
    answerOf('monotonic', 'must return milliseconds that only grow', monotonic, Number.isFinite)

type Members<T> = { readonly [K in keyof T]?: unknown }

/**
 * The members of an answer of the store, read in one place: a store of the app's own can answer
 * anything.
 */
const read = <T>(method: string, made: () => T): T => {
  try {
    return made()
  } catch (error) {
    throw isRecruitOAuthError(error) ? error : unusable(method)
  }
}

const unusable = (method: string): RecruitOAuthError =>
  new RecruitOAuthError('store-unavailable', {
    summary: `The store's answer to \`${method}\` is not one of its contract.`,
  })

/**
 * A value that is not a string was never sealed with the record, so the row fails to open.
 * `forget()` can remove it.
 */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const optionalTextOf = (value: unknown): string | undefined =>
  value === undefined ? undefined : textOf(value)

const recordOf = (record: Members<SealedRecord>): SealedRecord => {
  const { revision, status, pending, principal, dataCenter, envelope } = record
  if (typeof revision !== 'string') throw unusable('read')
  const optional = { principal: optionalTextOf(principal), dataCenter: optionalTextOf(dataCenter) }
  const facts = {
    revision,
    status: textOf(status),
    pending: pending === true,
    envelope: textOf(envelope),
  }
  return { ...facts, ...optional } as SealedRecord
}

const summaryOf = (row: Members<ConnectionSummary>): ConnectionSummary => {
  const { id, status, pending, principal, dataCenter } = row
  if (typeof id !== 'string' || typeof status !== 'string') throw unusable('list')
  const optional = { principal: optionalTextOf(principal), dataCenter: optionalTextOf(dataCenter) }
  return { id, status, pending: pending === true, ...optional } as ConnectionSummary
}

/** The store, with answers that have the form of its contract. @throws `store-unavailable` */
export const checkStore = (store: ConnectionStore): ConnectionStore => ({
  async read(id) {
    const answer: Members<Awaited<ReturnType<ConnectionStore['read']>>> = await store.read(id)
    return read('read', () => {
      const { record, asOf } = answer
      if (record === null) throw unusable('read')
      return {
        asOf: asOf as number,
        ...(record !== undefined && { record: recordOf(record) }),
      }
    })
  },
  async write(id, next, expected) {
    const answer: Members<Awaited<ReturnType<ConnectionStore['write']>>> = await store.write(
      id,
      next,
      expected,
    )
    return read('write', () => {
      const { written, asOf } = answer
      if (typeof written !== 'boolean') throw unusable('write')
      return { written, asOf: asOf as number }
    })
  },
  async list(query) {
    const answer: unknown = await store.list(query)
    return read('list', () => {
      if (!Array.isArray(answer)) throw unusable('list')
      return answer.map((row: Members<ConnectionSummary>) => summaryOf(row))
    })
  },
})
