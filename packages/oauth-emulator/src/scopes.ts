import { scopeCatalog } from './scope-catalog.ts'

export { scopeCatalog } from './scope-catalog.ts'

/**
 * Scopes have the form `ZohoRecruit.<scope>[.<sub>].<OPERATION>`
 * (https://www.zoho.com/recruit/developer-guide/apiv2/oauth-overview.html). Two scopes begin with the
 * name of another service. Scopes are compared without regard to letter case (unverified).
 */
export interface Scope {
  /** Without the operation, in lower case: `zohorecruit.modules.candidate`. */
  readonly name: string
  readonly operation: Operation
}

export type Operation = 'all' | 'read' | 'write' | 'create' | 'update' | 'delete'

const knownScopes: ReadonlyMap<string, Scope> = new Map(
  scopeCatalog.flatMap(({ scope, operations }) =>
    operations.map((upperCase) => {
      const name = scope.toLowerCase()
      const operation = upperCase.toLowerCase() as Operation
      return [`${name}.${operation}`, { name, operation }] as const
    }),
  ),
)

/** Parses one scope; `undefined` if the catalogue has no such scope. */
export function parseScope(text: string): Scope | undefined {
  return knownScopes.get(text.toLowerCase())
}

/** Splits the `scope` parameter. The parts are not normalized. */
export function splitScopes(parameter: string, separator: 'comma' | 'comma-or-space'): string[] {
  return parameter.split(separator === 'comma' ? ',' : /[, ]+/)
}

/**
 * Whether one of the granted scopes covers the needed one. The scope of a whole group covers its
 * sub-scopes, the operation `ALL` covers every operation, and `WRITE` those that change records.
 */
export function coversScope(granted: readonly string[], needed: Scope): boolean {
  return granted.some((text) => {
    const scope = parseScope(text)
    if (scope === undefined) return false
    const coversName = scope.name === needed.name || needed.name.startsWith(`${scope.name}.`)
    return coversName && coversOperation(scope.operation, needed.operation)
  })
}

function coversOperation(granted: Operation, needed: Operation): boolean {
  if (granted === 'write') return needed !== 'all' && needed !== 'read'
  return granted === 'all' || granted === needed
}
