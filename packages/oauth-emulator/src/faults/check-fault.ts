import type { DataCenterId } from '../data-centers.ts'
import { BadRequest } from '../http/body.ts'
import { check, headerText, oneOf, type Rule, wholeNumber } from '../rules.ts'
import type { Fault } from './fault.ts'
import { kinds } from './kinds.ts'

/** Copies a fault, or throws a BadRequest that names the invalid field and the allowed values. */
export function checkFault(input: unknown, dataCenters: readonly DataCenterId[]): Fault {
  if (typeof input !== 'object' || input === null)
    throw new BadRequest(
      'A fault is an object, such as {"on":"token","kind":"drop-after","times":1}.',
    )
  const fault = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
  check('kind', fault['kind'], oneOf(...Object.keys(kinds)))
  const kind = kinds[fault['kind'] as Fault['kind']]
  const required: Readonly<Record<string, Rule>> = {
    on: oneOf('token', 'revoke', 'authorize', 'api'),
    ...kind.required,
  }
  const optional: Readonly<Record<string, Rule>> = {
    dataCenter: oneOf(...dataCenters),
    times: wholeNumber(1, 1e6),
    ...(fault['on'] === 'token' ? { grantType: oneOf('authorization_code', 'refresh_token') } : {}),
    ...(fault['on'] === 'api' ? { path: headerText } : {}),
    ...kind.optional,
  }
  const known = ['kind', ...Object.keys(required), ...Object.keys(optional)]
  for (const [name, rule] of Object.entries(required)) check(name, fault[name], rule)
  for (const [name, rule] of Object.entries(optional))
    if (fault[name] !== undefined) check(name, fault[name], rule)
  const unknown = Object.keys(fault).find((name) => !known.includes(name))
  if (unknown === undefined) return fault as unknown as Fault
  throw new BadRequest(
    `${unknown}: a fault of kind ${fault['kind']} on ${fault['on']} has no such field: use ` +
      `${known.join(', ')}.`,
  )
}
