import type { Configuration } from '../config/configure.ts'
import { parseReturnTo, queryOf, withQuery } from '../config/return-to.ts'
import { targetOf } from './request.ts'

/** What the user wanted when a request failed. */
export interface Target {
  /** Where the user wants to go after the consent. It may come from the query. */
  readonly returnTo?: string | undefined
  readonly dataCenter?: string | undefined
  /** The path of the page that failed, as browsers see it; only for a GET. */
  readonly here?: string | undefined
}

/** The target with its valid members only. */
export const checkTarget = (
  config: Configuration,
  { returnTo, dataCenter, here }: Target,
): Target => {
  const isKnown = dataCenter !== undefined && Object.hasOwn(config.dataCenters, dataCenter)
  return {
    returnTo: validReturnTo(config, returnTo),
    dataCenter: isKnown ? dataCenter : undefined,
    here,
  }
}

/** The path of `/connect` with the same `returnTo` and data center. @param target checked */
export const startAgainUrl = (
  { publicPath }: Configuration,
  { returnTo, dataCenter }: Target,
): string => {
  const query = queryOf({ returnTo, dataCenter })
  return `${publicPath}/connect${query && `?${query}`}`
}

/**
 * The app's sign-in page, which leads to `returnTo` afterwards. `undefined` without `signIn`, and
 * if the sign-in page itself was requested: behind the guard, it would be redirected to itself
 * without end.
 */
export const signInUrl = (
  { signIn, appOrigin }: Configuration,
  returnTo: string | undefined,
): string | undefined => {
  if (signIn === undefined) return undefined
  const visited = URL.parse(returnTo ?? '', appOrigin)
  const pathOf = (url: URL | null) => url?.pathname.replace(/\/$/, '').toLowerCase()
  const isSignInPage =
    visited?.searchParams.has('returnTo') === true &&
    pathOf(visited) === pathOf(URL.parse(signIn, appOrigin))
  return isSignInPage ? undefined : withQuery(signIn, { returnTo })
}

/**
 * The path and query of the requested page as browsers see them, with the prefix that a proxy
 * strips. `undefined` if the request is not a GET, if its path could lead to another host, or if it
 * is a callback: its code and state must not get into other addresses.
 */
export const visitedPath = (config: Configuration, request: Request): string | undefined => {
  const { path, query } = targetOf(request)
  const { publicPath, mountPath, callbackPath } = config
  if (request.method !== 'GET' || path.endsWith(callbackPath)) return undefined
  const strippedPrefix = publicPath.slice(0, publicPath.length - mountPath.length)
  return validReturnTo(config, strippedPrefix + path + (query && `?${query}`))
}

const validReturnTo = (config: Configuration, value: string | undefined): string | undefined => {
  if (value === undefined) return undefined
  const parsed = parseReturnTo(value, config)
  return 'returnTo' in parsed ? parsed.returnTo : undefined
}
