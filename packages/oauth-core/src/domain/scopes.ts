type Operation = 'ALL' | 'READ' | 'CREATE' | 'UPDATE' | 'DELETE'

type ModuleName =
  | 'candidate'
  | 'client'
  | 'contact'
  | 'jobopening'
  | 'campaign'
  | 'task'
  | 'event'
  | 'call'
  | 'interview'
  | 'vendor'
  | 'custom'
  | 'notes'
  | 'activities'
  | 'assessment'
  | 'candidatestatus'
  | 'jobopeningstatus'
  | 'department'
  | 'interviewstatus'
  | 'submission'
  | 'attachments'

type SettingName = 'custom_views' | 'related_lists' | 'modules' | 'fields' | 'layouts' | 'profiles'

declare const unlisted: unique symbol
/** A scope that the list lacks; made by `unlistedScope` alone. */
export type UnlistedScope = string & { readonly [unlisted]: true }

/**
 * A scope of Zoho Recruit. Group scopes cover their members: `ZohoRecruit.modules.READ` reads every
 * module, `ZohoRecruit.modules.candidate.ALL` allows every operation on candidates.
 * @see https://www.zoho.com/recruit/developer-guide/apiv2/oauth-overview.html
 */
export type RecruitScope =
  | `ZohoRecruit.modules.${Operation}`
  | `ZohoRecruit.modules.${ModuleName}.${Operation}`
  | `ZohoRecruit.settings.${Operation}`
  | `ZohoRecruit.settings.${SettingName}.${Operation}`
  | `ZohoRecruit.users.${'ALL' | 'READ'}`
  | `ZohoRecruit.org.${'ALL' | 'READ'}`
  | 'ZohoRecruit.search.READ'
  | `ZohoRecruit.functions.execute.${'READ' | 'CREATE'}`
  // Named by other clients; not verified, nor which operations they have.
  | `ZohoRecruit.${'bulk' | 'notifications' | 'coql'}.${Operation}`
  | UnlistedScope

// Scope tokens of RFC 6749, 3.3, less the comma, which separates scopes at Zoho.
const scopeToken = /^[!#-+\--[\]-~]{1,128}$/

export const isScopeToken = (scope: string): boolean => scopeToken.test(scope)

/**
 * Names a scope that the typed list lacks. Zoho answers a scope that it does not know with an error
 * page and no redirect: nothing in the app will see it.
 */
export const unlistedScope = (scope: string): UnlistedScope => scope as UnlistedScope

/** Sorted and without repetition, so that the same set is always the same string. */
export const normalizeScopes = (scopes: readonly string[]): string[] =>
  [...new Set(scopes)].toSorted()

/** A scope list as Zoho writes it: commas in requests, spaces or commas in answers. */
export const parseScopes = (list: string): string[] =>
  normalizeScopes(list.split(/[ ,]+/).filter(isScopeToken))

/**
 * Does one granted scope cover a wanted one? Names compare without case, because Zoho's pages write
 * them both ways.
 */
const covers = (granted: string, wanted: string): boolean => {
  const have = granted.toLowerCase().split('.')
  const want = wanted.toLowerCase().split('.')
  const operation = have.pop()
  if (operation !== 'all' && operation !== want.at(-1)) return false
  return have.every((name, index) => name === want[index]) && have.length < want.length
}

/** The wanted scopes that nothing granted covers. */
export const missingScopes = (granted: readonly string[], wanted: readonly string[]): string[] =>
  wanted.filter((scope) => !granted.some((one) => one === scope || covers(one, scope)))
