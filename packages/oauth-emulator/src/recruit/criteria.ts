import { BadRequest } from '../http/body.ts'
import type { RecruitRecord } from '../seed/records.ts'
import { fieldText, fieldValue } from './field-values.ts'

/** Whether a record matches. */
export type Condition = (record: RecruitRecord) => boolean

/** The operators of search criteria. Zoho has more; the emulator refuses them. */
const operators: Readonly<Record<string, (text: string, value: string) => boolean>> = {
  equals: (text, value) => text === value,
  starts_with: (text, value) => text.startsWith(value),
}

/** The maximum depth of parentheses within parentheses. */
const maximumDepth = 20

/** "You can search for a maximum of 10 criteria." */
const maximumComparisons = 10

/**
 * Parses criteria such as `((Last_Name:equals:Shah) and (City:starts_with:New))`. `and` and `or`
 * are evaluated from left to right. Text is compared without regard to letter case (unverified).
 * https://www.zoho.com/recruit/developer-guide/apiv2/search-records.html
 *
 * @throws {BadRequest} for other text
 */
export function parseCriteria(criteria: string): Condition {
  const text = criteria.trim()
  let position = 0
  let depth = 0
  let comparisons = 0

  const readGroup = (): Condition => {
    if (text.charAt(position) !== '(' || depth >= maximumDepth) throw invalid()
    position += 1
    depth += 1
    const condition = text.charAt(position) === '(' ? readList() : readComparison()
    if (text.charAt(position) !== ')') throw invalid()
    position += 1
    depth -= 1
    return condition
  }

  const readList = (): Condition => {
    let condition = readGroup()
    let joint = readJoint()
    while (joint !== undefined) {
      condition = join(condition, joint, readGroup())
      joint = readJoint()
    }
    return condition
  }

  const readJoint = (): 'and' | 'or' | undefined => {
    const [whole = '', word] = /^\s*(and|or)\s*(?=\()/i.exec(text.slice(position)) ?? []
    position += whole.length
    const joint = word?.toLowerCase()
    return joint === 'and' || joint === 'or' ? joint : undefined
  }

  /**
   * `Field:operator:value`. "When you use parentheses or comma in the value for criteria, you must
   * escape them using a backslash."
   */
  const readComparison = (): Condition => {
    const found = /^([A-Za-z_$][\w$]*):(\w+):((?:\\[(),\\]|[^(),\\])*)/.exec(text.slice(position))
    const [whole = '', field = '', operator = '', escaped = ''] = found ?? []
    const matches = Object.hasOwn(operators, operator) ? operators[operator] : undefined
    comparisons += 1
    if (matches === undefined || comparisons > maximumComparisons) throw invalid()
    position += whole.length
    const value = escaped.replaceAll(/\\([(),\\])/g, '$1').toLowerCase()
    return (record) => matches(fieldText(fieldValue(record, field)), value)
  }

  const condition = readList()
  if (position !== text.length) throw invalid()
  return condition
}

function join(first: Condition, joint: 'and' | 'or', second: Condition): Condition {
  return joint === 'and'
    ? (record) => first(record) && second(record)
    : (record) => first(record) || second(record)
}

function invalid(): BadRequest {
  return new BadRequest(
    'criteria is invalid: the emulator understands (Field:equals:value) and ' +
      `(Field:starts_with:value), at most ${maximumComparisons} of them, joined by and or or ` +
      'within parentheses; a value needs a backslash before a parenthesis or a comma',
  )
}
