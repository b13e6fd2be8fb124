import { BadRequest } from '../http/body.ts'
import type { RecruitCall } from './call.ts'
import { type Condition, fieldText, parseCriteria } from './criteria.ts'
import type { RecruitModule } from './module-table.ts'
import { toPage } from './record-reads.ts'

const searches: Readonly<Record<string, (value: string) => Condition>> = {
  criteria: parseCriteria,
  email: (value) => (record) => hasField(record, /email/i, (text) => text === value.toLowerCase()),
  phone: (value) => (record) =>
    hasField(record, /phone|mobile/i, (text) => digits(text) === digits(value)),
  word: (value) => (record) => hasField(record, /./, (text) => text.includes(value.toLowerCase())),
}

/**
 * `GET /{module}/search`, by exactly one of `criteria`, `email`, `phone` and `word`.
 * https://www.zoho.com/recruit/developer-guide/apiv2/search-records.html
 */
export function searchRecords(
  { state, organization, parameters }: RecruitCall,
  module: RecruitModule,
): Response {
  const [name, ...others] = Object.keys(searches).filter((known) => parameters.has(known))
  const value = parameters.get(name ?? '')
  if (name === undefined || others.length > 0 || !value)
    throw new BadRequest(`Send exactly one of ${Object.keys(searches).join(', ')}`)
  const matches = searches[name]?.(value)
  const records = [...state.recruit.records(organization, module).values()]
  return toPage(
    records.filter((record) => matches?.(record)),
    parameters,
  )
}

function hasField(
  record: Readonly<Record<string, unknown>>,
  name: RegExp,
  matches: (text: string) => boolean,
): boolean {
  return Object.entries(record).some(([key, value]) => name.test(key) && matches(fieldText(value)))
}

function digits(text: string): string {
  return text.replaceAll(/\D/g, '')
}
