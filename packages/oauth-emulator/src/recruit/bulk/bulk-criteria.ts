import { BadRequest } from '../../http/body.ts'
import { isObject } from '../call.ts'
import { type Condition } from '../criteria.ts'
import { fieldText, fieldValue } from '../field-values.ts'

/** The comparators of bulk criteria. Zoho has more; the emulator refuses them. */
const comparators: Readonly<Record<string, (text: string, value: string) => boolean>> = {
  equal: (text, value) => text === value,
  not_equal: (text, value) => text !== value,
  starts_with: (text, value) => text.startsWith(value),
  contains: (text, value) => text.includes(value),
}

/** The maximum depth of groups within groups. */
const maximumDepth = 10

/**
 * Parses the criteria of a bulk read job: `{"api_name","comparator","value"}`, or a group
 * `{"group_operator","group":[…]}` of such objects.
 *
 * @throws {BadRequest} for anything else
 */
export function parseBulkCriteria(criteria: unknown, depth = 0): Condition {
  if (!isObject(criteria) || depth > maximumDepth) throw invalid()
  const { group, group_operator: operator, api_name: field, comparator, value } = criteria
  if (group !== undefined) {
    if (!Array.isArray(group) || group.length === 0) throw invalid()
    const conditions = group.map((member) => parseBulkCriteria(member, depth + 1))
    const groupOperator = typeof operator === 'string' ? operator.toLowerCase() : undefined
    if (groupOperator === 'and')
      return (record) => conditions.every((condition) => condition(record))
    if (groupOperator === 'or') return (record) => conditions.some((condition) => condition(record))
    throw invalid()
  }
  const isKnown = typeof comparator === 'string' && Object.hasOwn(comparators, comparator)
  const matches = isKnown ? comparators[comparator] : undefined
  if (typeof field !== 'string' || matches === undefined || value === undefined) throw invalid()
  return (record) => matches(fieldText(fieldValue(record, field)), fieldText(value))
}

function invalid(): BadRequest {
  return new BadRequest(
    'criteria is invalid: the emulator understands {"api_name","comparator","value"} with the ' +
      `comparators ${Object.keys(comparators).join(', ')}, and {"group_operator","group"}`,
  )
}
