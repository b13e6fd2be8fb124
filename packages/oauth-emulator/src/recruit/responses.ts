import { json } from '../http/responses.ts'
import type { EpochMs } from '../clock.ts'

export function noContent(): Response {
  return new Response(null, { status: 204 })
}

type ErrorStatus = 400 | 403 | 404 | 413 | 415 | 429

/** An error of the API. The codes and texts follow the CRM API and are unverified. */
export function recruitError(status: ErrorStatus | 200, code: string, message: string): Response {
  return json({ code, details: {}, message, status: 'error' }, status)
}

/** The pages upload-file and delete-notes have this error. */
export function invalidMethod(): Response {
  const message = 'The http request method type is not a valid one'
  return recruitError(400, 'INVALID_REQUEST_METHOD', message)
}

/** Too many requests. That `Retry-After` is sent is unverified. */
export function tooManyRequests(message: string, waitSeconds: number): Response {
  const response = recruitError(429, 'TOO_MANY_REQUESTS', message)
  response.headers.set('retry-after', `${waitSeconds}`)
  return response
}

/** The result for one record of a request. */
export interface ItemResult {
  readonly code: string
  readonly details: Readonly<Record<string, unknown>>
  readonly message: string
  readonly status: 'success' | 'error'
  readonly duplicate_field?: string | null
  readonly action?: 'insert' | 'update'
}

export function itemError(
  code: string,
  details: Readonly<Record<string, unknown>>,
  message: string,
): ItemResult {
  return { code, details, message, status: 'error' }
}

/**
 * The response with one result for each record. As in the CRM API, the status is 207 if only some
 * succeed, and 202 if none does (unverified).
 */
export function itemResults(results: readonly ItemResult[], successStatus: 200 | 201): Response {
  const succeeded = results.filter(({ status }) => status === 'success').length
  const partialStatus = succeeded === 0 ? 202 : 207
  const status = succeeded === results.length ? successStatus : partialStatus
  return json({ data: results }, status)
}

/** A download with its length, type and name. */
export function file(bytes: Uint8Array<ArrayBuffer>, type: string, name: string): Response {
  const encodedName = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return new Response(bytes, {
    headers: {
      'content-type': type,
      'content-length': `${bytes.length}`,
      'content-disposition': `attachment; filename*=UTF-8''${encodedName}`,
      'cache-control': 'no-store',
    },
  })
}

/** A time in the format of record fields: `2026-01-10T09:10:00+00:00`. */
export function recruitTime(at: EpochMs): string {
  return `${new Date(at).toISOString().slice(0, 19)}+00:00`
}
