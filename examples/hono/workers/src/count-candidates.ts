import { isRecruitOAuthError } from '@zrecruit/oauth-hono'
import { zoho, type App } from './zoho.ts'

/** A job has no request: it gets the connection from the bindings. */
export const countCandidates = async (
  env: App['Bindings'],
  ctx: { waitUntil(work: Promise<unknown>): void },
): Promise<void> => {
  const ourCompany = zoho
    .with(env)
    .connection('our-company', { waitUntil: (work) => ctx.waitUntil(work) })
  try {
    let candidates = 0
    for (let page = 1; ; page++) {
      const response = await ourCompany.fetch(`Candidates?per_page=200&page=${page}`)
      if (response.status === 204) break
      if (!response.ok) throw new Error(`Zoho Recruit answered ${response.status}`)
      const { data, info } = await response.json<{
        data: unknown[]
        info: { more_records: boolean }
      }>()
      candidates += data.length
      if (!info.more_records) break
    }
    console.log({ candidates })
  } catch (error) {
    // It is not an error of the job if the company is not connected, or disconnects meanwhile.
    if (!isRecruitOAuthError(error) || error.remedy !== 'ask-consent') throw error
    console.warn(`No candidates were counted. ${error.message}`)
  }
}
