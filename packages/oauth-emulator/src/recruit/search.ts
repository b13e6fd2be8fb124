import { BadRequest } from '../http/body.ts'
import type { RecruitCall } from './call.ts'
import { type Condition, parseCriteria } from './criteria.ts'
import { fieldText } from './field-values.ts'
import type { RecruitModule } from './module-table.ts'
import { toPage } from './record-reads.ts'

/** In the order of preference: "criteria, email, phone, and word". */
const searches: readonly (readonly [name: string, search: (value: string) => Condition])[] = [
  ['criteria', parseCriteria],
  ['email', (value) => byField(/email/i, (text) => text === value.toLowerCase())],
  ['phone', (value) => byPhone(digits(value))],
  ['word', (value) => byField(/./, (text) => text.includes(value.toLowerCase()))],
]

/**
 * `GET /{module}/search`, by one of `criteria`, `email`, `phone` and `word`. "If two parameters are
 * given simultaneously, […] only one of them would work."
 * https://www.zoho.com/recruit/developer-guide/apiv2/search-records.html
 */
export function searchRecords(
  { state, organization, parameters }: RecruitCall,
  module: RecruitModule,
): Response {
  const [name = '', search] = searches.find(([known]) => parameters.has(known)) ?? []
  const value = parameters.get(name)
  if (search === undefined || !value)
    throw new BadRequest(`Send one of ${searches.map(([known]) => known).join(', ')}`)
  const records = [...state.recruit.records(organization, module).values()]
  return toPage(records.filter(search(value)), parameters)
}

function byField(name: RegExp, matches: (text: string) => boolean): Condition {
  return (record) =>
    Object.entries(record).some(([key, value]) => name.test(key) && matches(fieldText(value)))
}

/** A text without digits is no phone number. It does not match an empty field. */
function byPhone(number: string): Condition {
  if (number === '') return () => false
  return byField(/phone|mobile/i, (text) => digits(text) === number)
}

function digits(text: string): string {
  return text.replaceAll(/\D/g, '')
}
