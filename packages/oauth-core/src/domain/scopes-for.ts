import { RecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import { ownProperties } from '../internal/json.ts'
import { scopeCatalog, type ReadableModule, type RecruitModule } from './scope-catalog.ts'
import { normalizeScopes, type RecruitScope } from './scopes.ts'

/** What an app does with the Recruit API. */
export interface ScopeNeeds {
  /** Modules whose records are read. */
  readonly read?: readonly ReadableModule[]
  readonly create?: readonly RecruitModule[]
  readonly update?: readonly RecruitModule[]
  readonly delete?: readonly RecruitModule[]
  /** Modules whose records are searched. */
  readonly search?: readonly ReadableModule[]
  /** Files attached to the records of all modules that are named here. */
  readonly attachments?: boolean
  /**
   * Bulk jobs for all modules that are named here. `write` includes the upload of the file, and
   * reading the organization's id, which the upload needs.
   */
  readonly bulk?: 'read' | 'write' | 'read-and-write'
  /** The users of the organization. With it, the connected user is known. */
  readonly users?: boolean
  /** The organization. With it, the connected organization is known. */
  readonly organization?: boolean
}

const operations = { read: 'READ', create: 'CREATE', update: 'UPDATE', delete: 'DELETE' } as const
type RecordNeed = keyof typeof operations
const recordNeeds = Object.keys(operations) as RecordNeed[]

/**
 * The scopes that Zoho's pages require for these needs. Some need more than one: a search needs the
 * module's scope and `ZohoSearch.securesearch.READ`. If no module is named, attachments and bulk
 * jobs get `ZohoRecruit.modules.ALL`.
 *
 * ```ts
 * scopes: scopesFor({ search: ['candidate'], attachments: true, bulk: 'read' })
 * ```
 * @throws `argument-invalid` for an unknown need, a value of another type, or an unknown module
 */
export const scopesFor = (needs: ScopeNeeds): RecruitScope[] => {
  checkNeeds(needs)
  const { search = [], attachments, bulk, users, organization } = needs
  const readsBulk = bulk === 'read' || bulk === 'read-and-write'
  const writesBulk = bulk === 'write' || bulk === 'read-and-write'
  const named = [...recordNeeds.flatMap((need) => needs[need] ?? []), ...search]
  const scopesOf = (modules: readonly string[], operation: string) =>
    modules.map((module) => `ZohoRecruit.modules.${module}.${operation}`)
  const scopesOfNamed = (operation: string) =>
    named.length > 0 ? scopesOf(named, operation) : ['ZohoRecruit.modules.ALL']
  const scopes: string[] = [
    ...recordNeeds.flatMap((need) => scopesOf(needs[need] ?? [], operations[need])),
    ...scopesOf(search, 'READ'),
    ...(search.length > 0 ? ['ZohoSearch.securesearch.READ'] : []),
    ...(attachments ? ['ZohoRecruit.modules.attachments.ALL', ...scopesOfNamed('READ')] : []),
    ...(readsBulk ? ['ZohoRecruit.bulk.READ', ...scopesOfNamed('READ')] : []),
    ...(writesBulk
      ? ['ZohoRecruit.bulk.CREATE', 'ZohoFiles.files.ALL', ...scopesOfNamed('CREATE')]
      : []),
    ...(users ? ['ZohoRecruit.users.READ'] : []),
    // An upload needs the id of the organization.
    ...(organization || writesBulk ? ['ZohoRecruit.org.ALL'] : []),
  ]
  return normalizeScopes(scopes) as RecruitScope[]
}

const operationsByNeed = new Map<string, string>([
  ...Object.entries(operations),
  ['search', 'READ'],
])
const flags: readonly string[] = ['attachments', 'users', 'organization']
const bulkValues: readonly unknown[] = ['read', 'write', 'read-and-write']

/** The compiler checks this, too. A wrong scope would end on a page of Zoho, without an error. */
const checkNeeds = (needs: ScopeNeeds): void => {
  if (ownProperties(needs) === undefined) throw invalidNeed('needs', 'must be an object')
  for (const [name, value] of Object.entries(needs) as [string, unknown][]) {
    const problem = value === undefined ? undefined : problemOf(name, value)
    if (problem !== undefined) throw invalidNeed(`needs.${name}`, problem)
  }
}

const problemOf = (name: string, value: unknown): string | undefined => {
  const operation = operationsByNeed.get(name)
  if (operation !== undefined) return moduleProblem(value, operation)
  if (flags.includes(name)) return typeof value === 'boolean' ? undefined : 'must be true or false'
  if (name !== 'bulk') return 'is not known'
  return bulkValues.includes(value) ? undefined : 'must be `read`, `write` or `read-and-write`'
}

const moduleProblem = (value: unknown, operation: string): string | undefined => {
  if (!Array.isArray(value)) return "must be a list of modules, such as `['candidate']`"
  const index = value.findIndex((module) => !hasScope(`ZohoRecruit.modules.${module}`, operation))
  if (index < 0) return undefined
  return `has at index ${index} no module of \`scopeCatalog\` with the operation ${operation}`
}

const hasScope = (name: string, operation: string): boolean =>
  scopeCatalog.some(
    ({ scope, operations: known }) =>
      scope === name && (known as readonly string[]).includes(operation),
  )

const invalidNeed = (name: string, problem: string): RecruitOAuthError =>
  new RecruitOAuthError('argument-invalid', { summary: `The argument \`${name}\` ${problem}.` })
