/**
 * Scopes have the form `ZohoRecruit.<scope>[.<sub>].<OPERATION>`
 * (https://www.zoho.com/recruit/developer-guide/apiv2/oauth-overview.html). They are compared
 * without regard to letter case (unverified).
 */
export interface Scope {
  readonly group: string
  /** `undefined` for a scope of the whole group, which includes every sub-scope. */
  readonly sub: string | undefined
  readonly operation: Operation
}

export type Operation = 'all' | 'read' | 'create' | 'update' | 'delete'

interface ScopeGroup {
  readonly operations: readonly Operation[]
  readonly subs: readonly string[]
  /** Whether every scope of the group must name a sub-scope. */
  readonly isSubRequired?: true
}

const everyOperation: readonly Operation[] = ['all', 'read', 'create', 'update', 'delete']

/**
 * The names are from Recruit's documentation, except for these, which other clients use:
 * settings.profiles, modules.submission, modules.attachments, org, search, functions, bulk,
 * notifications and coql.
 */
const groups: ReadonlyMap<string, ScopeGroup> = new Map<string, ScopeGroup>([
  ['users', { operations: ['all', 'read'], subs: [] }],
  [
    'settings',
    {
      operations: everyOperation,
      subs: ['custom_views', 'related_lists', 'modules', 'fields', 'layouts', 'profiles'],
    },
  ],
  [
    'modules',
    {
      operations: everyOperation,
      subs: (
        'candidate client contact jobopening campaign task event call interview vendor ' +
        'custom notes activities assessment candidatestatus jobopeningstatus department ' +
        'interviewstatus submission attachments'
      ).split(' '),
    },
  ],
  ['org', { operations: ['all', 'read'], subs: [] }],
  ['search', { operations: ['read'], subs: [] }],
  ['functions', { operations: ['read', 'create'], subs: ['execute'], isSubRequired: true }],
  ['bulk', { operations: everyOperation, subs: [] }],
  ['notifications', { operations: everyOperation, subs: [] }],
  ['coql', { operations: ['all', 'read'], subs: [] }],
])

/** Parses one scope; `undefined` if Zoho has no such scope. */
export function parseScope(text: string): Scope | undefined {
  const [prefix, groupName = '', ...rest] = text.toLowerCase().split('.')
  const group = groups.get(groupName)
  if (prefix !== 'zohorecruit' || group === undefined || rest.length < 1 || rest.length > 2)
    return undefined
  const sub = rest.length === 2 ? rest[0] : undefined
  const operation = group.operations.find((known) => known === rest.at(-1))
  if (operation === undefined) return undefined
  const isKnown = sub === undefined ? group.isSubRequired !== true : group.subs.includes(sub)
  if (!isKnown) return undefined
  return { group: groupName, sub, operation }
}

/** Splits the `scope` parameter. The parts are not normalized. */
export function splitScopes(parameter: string, separator: 'comma' | 'comma-or-space'): string[] {
  return parameter.split(separator === 'comma' ? ',' : /[, ]+/)
}

/**
 * Whether one of the granted scopes covers the needed one. The scope of a whole group covers its
 * sub-scopes, and the operation `ALL` covers every operation.
 */
export function coversScope(granted: readonly string[], needed: Scope): boolean {
  return granted.some((text) => {
    const scope = parseScope(text)
    return (
      scope !== undefined &&
      scope.group === needed.group &&
      (scope.sub === undefined || scope.sub === needed.sub) &&
      (scope.operation === 'all' || scope.operation === needed.operation)
    )
  })
}
