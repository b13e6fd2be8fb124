import type { CatalogScope } from './scope-catalog.ts'

declare const unlisted: unique symbol
/** A scope that is not in the list of this library. Only `unlistedScope` creates it. */
export type UnlistedScope = string & { readonly [unlisted]: true }

/**
 * A scope of Zoho Recruit, from `scopeCatalog`. Group scopes cover their members:
 * `ZohoRecruit.modules.READ` reads every module, and `ZohoRecruit.modules.candidate.ALL` allows
 * every operation on candidates.
 * @see https://www.zoho.com/recruit/developer-guide/apiv2/oauth-overview.html
 */
export type RecruitScope = CatalogScope | UnlistedScope

// The scope tokens of RFC 6749, 3.3, without the comma, which separates scopes at Zoho.
const scopeToken = /^[!#-+\--[\]-~]{1,128}$/

export const isScopeToken = (scope: string): boolean => scopeToken.test(scope)

/**
 * Allows a scope that is not in the type `RecruitScope`. If Zoho does not know a scope, it shows an
 * error page without a redirect, so the app does not get an error.
 */
export const unlistedScope = (scope: string): UnlistedScope => scope as UnlistedScope

/** Sorts the scopes and removes duplicates, so that equal sets give equal strings. */
export const normalizeScopes = (scopes: readonly string[]): string[] =>
  [...new Set(scopes)].toSorted()

/** Parses the scope list of a response. Zoho separates its scopes by spaces or commas. */
export const parseScopes = (list: string): string[] =>
  normalizeScopes(list.split(/[ ,]+/).filter(isScopeToken))

/** The operations that `WRITE` includes. */
const writeOperations = new Set(['create', 'update', 'delete'])

/**
 * Does a granted scope cover a wanted one? Upper and lower case are equal, because Zoho's pages use
 * both.
 */
const covers = (granted: string, wanted: string): boolean => {
  if (granted === wanted) return true
  const grantedParts = granted.toLowerCase().split('.')
  const wantedParts = wanted.toLowerCase().split('.')
  const operation = grantedParts.at(-1)
  const grantedGroup = grantedParts.slice(0, -1)
  const wantedOperation = wantedParts.at(-1) as string
  const coversOperation =
    operation === 'all' ||
    operation === wantedOperation ||
    (operation === 'write' && writeOperations.has(wantedOperation))
  if (!coversOperation) return false
  return (
    grantedGroup.length < wantedParts.length &&
    grantedGroup.every((name, index) => name === wantedParts[index])
  )
}

/** The wanted scopes that no granted scope covers. */
export const missingScopes = (granted: readonly string[], wanted: readonly string[]): string[] =>
  wanted.filter((scope) => !granted.some((grantedScope) => covers(grantedScope, scope)))
