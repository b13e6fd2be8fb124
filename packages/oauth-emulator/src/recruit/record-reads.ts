import { BadRequest } from '../http/body.ts'
import type { Parameters } from '../http/parameters.ts'
import { json } from '../http/responses.ts'
import type { RecruitRecord } from '../seed/records.ts'
import type { RecruitCall } from './call.ts'
import type { RecruitModule } from './module-table.ts'
import { noContent } from './responses.ts'

const maximumPerPage = 200

/** `GET /{module}`: the records of a module, or those that are newer than `If-Modified-Since`. */
export function listRecords(call: RecruitCall, module: RecruitModule): Response {
  const { state, organization, request, parameters } = call
  const records = [...state.recruit.records(organization, module).values()]
  const modified = selectModified(records, request)
  return modified.length === 0 && records.length > 0 ? notModified() : toPage(modified, parameters)
}

/** `GET /{module}/{id}`: one record, or 204 for an unknown id (unverified). */
export function readRecord(call: RecruitCall, module: RecruitModule, id: string): Response {
  const { state, organization, request, parameters } = call
  const record = state.recruit.records(organization, module).get(id)
  if (record === undefined) return noContent()
  if (selectModified([record], request).length === 0) return notModified()
  return json({ data: [selectFields(record, parameters)] })
}

/**
 * One page of a list: `{"data":[…],"info":{…}}`, or 204 without a body for an empty page
 * (observed).
 */
export function toPage(records: readonly RecruitRecord[], parameters: Parameters): Response {
  const page = readWholeNumber(parameters, 'page', 1, Number.MAX_SAFE_INTEGER)
  const perPage = readWholeNumber(parameters, 'per_page', maximumPerPage, maximumPerPage)
  const start = (page - 1) * perPage
  const data = records.slice(start, start + perPage)
  if (data.length === 0) return noContent()
  return json({
    data: data.map((record) => selectFields(record, parameters)),
    info: {
      per_page: perPage,
      count: data.length,
      page,
      more_records: start + data.length < records.length,
    },
  })
}

/** The parameter `fields` names the fields of the response. */
function selectFields(record: RecruitRecord, parameters: Parameters): RecruitRecord {
  const names = splitList(parameters.get('fields'))
  if (names === undefined) return record
  const selected = Object.entries(record).filter(([name]) => names.includes(name))
  return { id: record.id, ...Object.fromEntries(selected) }
}

/** Splits a list at its commas. Zoho's samples have spaces after them. */
export function splitList(list: string | undefined): string[] | undefined {
  return list?.split(',').map((item) => item.trim())
}

/** A status that clients met. Zoho's pages only name the header. */
function notModified(): Response {
  return new Response(null, { status: 304 })
}

function selectModified(
  records: readonly RecruitRecord[],
  request: Request,
): readonly RecruitRecord[] {
  const header = request.headers.get('if-modified-since')
  if (header === null) return records
  const since = Date.parse(header)
  if (Number.isNaN(since)) throw new BadRequest('If-Modified-Since is not a date')
  return records.filter((record) => Date.parse(String(record['Modified_Time'])) > since)
}

function readWholeNumber(
  parameters: Parameters,
  name: string,
  fallback: number,
  maximum: number,
): number {
  const text = parameters.get(name)
  if (text === undefined) return fallback
  const number = /^\d{1,15}$/.test(text) ? Number(text) : 0
  if (number >= 1 && number <= maximum) return number
  throw new BadRequest(`page is a number from 1, per_page a number from 1 to ${maximumPerPage}`)
}
