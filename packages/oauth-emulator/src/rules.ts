import { dataCenterIds } from './data-centers.ts'
import { BadRequest } from './http/body.ts'

/** What a value must be; `cure` completes the sentence "send …". */
export interface Rule {
  readonly cure: string
  fits(value: unknown): boolean
}

export const oneOf = (...values: readonly (string | number | boolean)[]): Rule => ({
  cure: values.map((value) => JSON.stringify(value)).join(' or '),
  fits: (value) => values.some((known) => known === value),
})

export const wholeNumber = (from: number, to: number): Rule => ({
  cure: `a whole number from ${from} to ${to}`,
  fits: (value) => Number.isInteger(value) && (value as number) >= from && (value as number) <= to,
})

export const seconds = (to: number): Rule => ({
  cure: `seconds above 0, at most ${to}`,
  fits: (value) => typeof value === 'number' && value > 0 && value <= to,
})

export const either = (...rules: readonly Rule[]): Rule => ({
  cure: rules.map(({ cure }) => cure).join(' or '),
  fits: (value) => rules.some((rule) => rule.fits(value)),
})

export const anyText: Rule = { cure: 'a string', fits: (value) => typeof value === 'string' }

/** What a header can carry. */
export const headerText: Rule = {
  cure: 'a string of printable ASCII characters',
  fits: (value) =>
    typeof value === 'string' && /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value),
}

export const dataCenterId = oneOf(...dataCenterIds)

export const listOf = (rule: Rule): Rule => ({
  cure: `a list of ${rule.cure}`,
  fits: (value) => Array.isArray(value) && value.every((one) => rule.fits(one)),
})

/** Refuses a value that is not what it must be, naming it and the cure. */
export function check(name: string, value: unknown, rule: Rule): void {
  if (rule.fits(value)) return
  const cause = value === undefined ? 'missing' : `${shown(value)} does not fit`
  throw new BadRequest(`${name}: ${cause}: send ${rule.cure}.`)
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  return typeof value === 'number' || typeof value === 'boolean'
    ? `${value}`
    : `what is given (${value === null ? 'null' : typeof value})`
}
