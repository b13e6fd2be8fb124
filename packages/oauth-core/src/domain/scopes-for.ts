import { RecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import type { RecruitModule } from './scope-catalog.ts'
import { isScopeToken, normalizeScopes, type RecruitScope } from './scopes.ts'

/** What an app does with the Recruit API. */
export interface ScopeNeeds {
  /** Modules whose records are read. */
  readonly read?: readonly RecruitModule[]
  readonly create?: readonly RecruitModule[]
  readonly update?: readonly RecruitModule[]
  readonly delete?: readonly RecruitModule[]
  /** Modules whose records are searched. */
  readonly search?: readonly RecruitModule[]
  /** Files attached to the records of the named modules. */
  readonly attachments?: boolean
  /** Bulk jobs for the named modules. `write` includes the upload of its file. */
  readonly bulk?: 'read' | 'write' | 'read-and-write'
  /** The users of the organization. With it, the connected user is known. */
  readonly users?: boolean
  /** The organization. With it, the connected organization is known. */
  readonly organization?: boolean
}

const recordNeeds = { read: 'READ', create: 'CREATE', update: 'UPDATE', delete: 'DELETE' } as const

/**
 * The scopes that Zoho's pages require for these needs. Some need more than one: a search needs the
 * module and `ZohoSearch.securesearch.READ`. If no module is named, attachments and bulk jobs get
 * `ZohoRecruit.modules.ALL`.
 *
 * ```ts
 * scopes: scopesFor({ search: ['candidate'], attachments: true, bulk: 'read' })
 * ```
 * @throws `argument-invalid` for an unknown need, or for a name that cannot be in a scope
 */
export const scopesFor = (needs: ScopeNeeds): RecruitScope[] => {
  const scopes: string[] = []
  const named = new Set<string>()
  const addModules = (modules: readonly string[], operation: string) => {
    for (const module of modules) {
      named.add(module)
      scopes.push(`ZohoRecruit.modules.${module}.${operation}`)
    }
  }
  for (const [need, operation] of Object.entries(recordNeeds))
    addModules(needs[need as keyof typeof recordNeeds] ?? [], operation)
  const { search = [], attachments, bulk, users, organization } = needs
  addModules(search, 'READ')
  const addNamedModules = (operation: string) => {
    if (named.size === 0) scopes.push('ZohoRecruit.modules.ALL')
    else addModules([...named], operation)
  }
  if (search.length > 0) scopes.push('ZohoSearch.securesearch.READ')
  if (attachments) {
    scopes.push('ZohoRecruit.modules.attachments.ALL')
    addNamedModules('READ')
  }
  if (bulk === 'read' || bulk === 'read-and-write') {
    scopes.push('ZohoRecruit.bulk.READ')
    addNamedModules('READ')
  }
  if (bulk === 'write' || bulk === 'read-and-write') {
    scopes.push('ZohoRecruit.bulk.CREATE', 'ZohoFiles.files.ALL')
    addNamedModules('CREATE')
  }
  if (users) scopes.push('ZohoRecruit.users.READ')
  // An upload needs the id of the organization.
  if (organization || bulk === 'write' || bulk === 'read-and-write')
    scopes.push('ZohoRecruit.org.ALL')
  if (!scopes.every((scope) => isScopeToken(scope)))
    throw new RecruitOAuthError('argument-invalid', {
      summary: 'The argument `needs` has a module whose name cannot be in a scope.',
    })
  return normalizeScopes(scopes) as RecruitScope[]
}
