import { json } from '../http/responses.ts'
import { type Parameters, queryParameters } from '../http/parameters.ts'
import type { Organization } from '../seed/organizations.ts'
import { listCandidates, listJobOpenings, type RecruitRecord } from '../seed/records.ts'
import type { Scope } from '../scopes.ts'

/** A module of Recruit: the scope for reading it, and its records. */
interface RecruitModule {
  readonly scope: Scope
  records(organization: Organization): readonly RecruitRecord[]
}

/** The emulated modules, by the name in the path. */
export const modules: ReadonlyMap<string, RecruitModule> = new Map([
  [
    'Candidates',
    {
      scope: { name: 'zohorecruit.modules.candidate', operation: 'read' as const },
      records: listCandidates,
    },
  ],
  [
    'Job_Openings',
    {
      scope: { name: 'zohorecruit.modules.jobopening', operation: 'read' as const },
      records: listJobOpenings,
    },
  ],
])

const maximumPerPage = 200

/**
 * One page of a list: `{"data":[…],"info":{…}}`, or 204 without a body for an empty page
 * (observed).
 */
export function handleRecordList(
  records: readonly RecruitRecord[],
  httpRequest: Request,
): Response {
  const parameters = queryParameters(httpRequest)
  const page = readWholeNumber(parameters, 'page', 1, Number.MAX_SAFE_INTEGER)
  const perPage = readWholeNumber(parameters, 'per_page', maximumPerPage, maximumPerPage)
  if (page === undefined || perPage === undefined) {
    return recruitError(
      400,
      'INVALID_DATA',
      `page is a number from 1, per_page a number from 1 to ${maximumPerPage}`,
    )
  }
  const start = (page - 1) * perPage
  const data = records.slice(start, start + perPage)
  if (data.length === 0) return noContent()
  return json({
    data,
    info: {
      per_page: perPage,
      count: data.length,
      page,
      more_records: start + data.length < records.length,
    },
  })
}

/** One record, or 204 for an unknown id (unverified). */
export function handleRecord(records: readonly RecruitRecord[], id: string): Response {
  const found = records.find((record) => record.id === id)
  return found === undefined ? noContent() : json({ data: [found] })
}

export function noContent(): Response {
  return new Response(null, { status: 204 })
}

/** An error of the API. The codes and texts follow the CRM API and are unverified. */
export function recruitError(
  status: 400 | 404 | 405 | 413 | 415,
  code: string,
  message: string,
): Response {
  return json({ code, details: {}, message, status: 'error' }, status)
}

function readWholeNumber(
  parameters: Parameters,
  name: string,
  fallback: number,
  maximum: number,
): number | undefined {
  const text = parameters.get(name)
  if (text === undefined) return fallback
  const number = /^\d{1,15}$/.test(text) ? Number(text) : 0
  return number >= 1 && number <= maximum ? number : undefined
}
