import { dataCenterIds } from './data-centers.ts'
import { BadRequest } from './http/body.ts'

/** A check for a value. `expected` completes the sentence "send …" of the error. */
export interface Rule {
  readonly expected: string
  accepts(value: unknown): boolean
}

export const oneOf = (...values: readonly (string | number | boolean)[]): Rule => ({
  expected: values.map((value) => JSON.stringify(value)).join(' or '),
  accepts: (value) => values.some((known) => known === value),
})

export const wholeNumber = (from: number, to: number): Rule => ({
  expected: `a whole number from ${from} to ${to}`,
  accepts: (value) =>
    Number.isInteger(value) && (value as number) >= from && (value as number) <= to,
})

export const secondsUpTo = (to: number): Rule => ({
  expected: `seconds above 0, at most ${to}`,
  accepts: (value) => typeof value === 'number' && value > 0 && value <= to,
})

export const either = (...rules: readonly Rule[]): Rule => ({
  expected: rules.map(({ expected }) => expected).join(' or '),
  accepts: (value) => rules.some((rule) => rule.accepts(value)),
})

export const anyText: Rule = { expected: 'a string', accepts: (value) => typeof value === 'string' }

/** A value that can be sent in an HTTP header. It is not empty, without spaces at its ends. */
export const headerText: Rule = {
  expected: 'a string of printable ASCII characters, not empty and without spaces at its ends',
  accepts: (value) =>
    typeof value === 'string' && /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value),
}

export const dataCenterId = oneOf(...dataCenterIds)

export const listOf = (rule: Rule): Rule => ({
  expected: `a list of ${rule.expected}`,
  accepts: (value) => Array.isArray(value) && value.every((item) => rule.accepts(item)),
})

/**
 * Throws a BadRequest if the rule does not accept the value. The message has the name, the value
 * (or its type) and what is expected.
 */
export function check(name: string, value: unknown, rule: Rule): void {
  if (rule.accepts(value)) return
  const cause = value === undefined ? 'missing' : `${describeValue(value)} is not allowed`
  throw new BadRequest(`${name}: ${cause}: send ${rule.expected}.`)
}

function describeValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number' || typeof value === 'boolean') return `${value}`
  if (Array.isArray(value)) return 'this list'
  return `a value of type ${value === null ? 'null' : typeof value}`
}
