import type { Connection, Remedy } from '@zrecruit/oauth-koa'
import { endPass, storePage, type Candidate } from './archive.ts'
import { zoho } from './zoho.ts'

const perPage = Number(process.env['PAGE_SIZE'] ?? 200)

/** An error response of Recruit, with one of the library's remedies. */
export class RecruitRefused extends Error {
  readonly remedy: Remedy
  readonly retryAt: number | undefined

  constructor({ status, headers }: Response) {
    super(`Recruit answered ${status}.`)
    // 401: Zoho refused the access token, and the library could not get another one yet.
    this.remedy = status === 401 || status === 429 || status >= 500 ? 'retry' : 'report'
    const seconds = Number(headers.get('retry-after') ?? NaN)
    this.retryAt = seconds > 0 ? Date.now() + seconds * 1_000 : undefined
  }
}

/**
 * Copies all candidates of a customer, page by page, and returns their number; `undefined` when
 * `stop` aborted the copy. The pages that it copied stay. The next pass starts at the first page
 * again: pages shift when candidates are added or deleted, so a pass that pauses for an hour would
 * miss some.
 */
export const copyCandidates = async (
  customer: string,
  stop: AbortSignal,
): Promise<number | undefined> => {
  const connection = zoho.connection(customer)
  const pass = Date.now()
  for (let number = 1, count = 0; !stop.aborted; number++) {
    const { data, more } = await fetchPage(connection, number)
    storePage(customer, data, pass)
    count += data.length
    if (more) continue
    endPass(customer, pass)
    return count
  }
  return undefined
}

const fetchPage = async (
  connection: Connection,
  number: number,
): Promise<{ data: Candidate[]; more: boolean }> => {
  // `stop` does not abort a request, so the requested page is still stored. This signal is the only
  // deadline, because the library sets none for API calls.
  const response = await connection.fetch(`Candidates?page=${number}&per_page=${perPage}`, {
    signal: AbortSignal.timeout(30_000),
  })
  if (response.status === 204) return { data: [], more: false }
  if (!response.ok) throw new RecruitRefused(response)
  const { data, info } = (await response.json()) as {
    data: Candidate[]
    info: { more_records: boolean }
  }
  return { data, more: info.more_records }
}
