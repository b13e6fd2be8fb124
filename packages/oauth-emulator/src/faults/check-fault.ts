import type { DataCenterId } from '../data-centers.ts'
import { BadRequest } from '../http/body.ts'
import { check, headerText, oneOf, type Rule, wholeNumber } from '../rules.ts'
import type { Fault } from './fault.ts'
import { kinds } from './kinds.ts'

/** Copies a fault, or refuses it with the name of the field and the cure. */
export function checkFault(given: unknown, standing: readonly DataCenterId[]): Fault {
  if (typeof given !== 'object' || given === null)
    throw new BadRequest(
      'A fault is an object, such as {"on":"token","kind":"drop-after","times":1}.',
    )
  const fault = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  check('kind', fault['kind'], oneOf(...Object.keys(kinds)))
  const kind = kinds[fault['kind'] as Fault['kind']]
  const needs: Readonly<Record<string, Rule>> = {
    on: oneOf('token', 'revoke', 'authorize', 'api'),
    ...kind.needs,
  }
  const may: Readonly<Record<string, Rule>> = {
    dataCenter: oneOf(...standing),
    times: wholeNumber(1, 1e6),
    ...(fault['on'] === 'token' ? { grantType: oneOf('authorization_code', 'refresh_token') } : {}),
    ...(fault['on'] === 'api' ? { path: headerText } : {}),
    ...kind.may,
  }
  const known = ['kind', ...Object.keys(needs), ...Object.keys(may)]
  for (const [name, rule] of Object.entries(needs)) check(name, fault[name], rule)
  for (const [name, rule] of Object.entries(may))
    if (fault[name] !== undefined) check(name, fault[name], rule)
  const unknown = Object.keys(fault).find((name) => !known.includes(name))
  if (unknown === undefined) return fault as unknown as Fault
  throw new BadRequest(
    `${unknown}: a fault of kind ${fault['kind']} on ${fault['on']} has no such field: use ` +
      `${known.join(', ')}.`,
  )
}
