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
  /** Whether there is no scope for the whole group. */
  readonly subRequired?: true
}

const everyOperation: readonly Operation[] = ['all', 'read', 'create', 'update', 'delete']

/**
 * The names in Recruit's documentation. These come from other clients: settings.profiles,
 * modules.submission and .attachments, org, search, functions, bulk, notifications, coql.
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
      subs: [
        'candidate client contact jobopening campaign task event call interview vendor ' +
          'custom notes activities assessment',
        'candidatestatus jobopeningstatus department interviewstatus submission attachments',
      ].flatMap((line) => line.split(' ')),
    },
  ],
  ['org', { operations: ['all', 'read'], subs: [] }],
  ['search', { operations: ['read'], subs: [] }],
  ['functions', { operations: ['read', 'create'], subs: ['execute'], subRequired: true }],
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
  if (sub === undefined ? group.subRequired : !group.subs.includes(sub)) return undefined
  return { group: groupName, sub, operation }
}

/** Splits the `scope` parameter. The parts are not normalized. */
export function splitScopes(parameter: string, separator: 'comma' | 'comma-or-space'): string[] {
  return parameter.split(separator === 'comma' ? ',' : /[, ]+/)
}

/**
 * Whether one of the granted scopes covers the needed one. A group covers its sub-scopes, and `ALL`
 * covers every operation.
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
