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

/** The path of `/connect` with the same `returnTo` and data center. Invalid values are dropped. */
export const startAgainUrl = (config: Configuration, { returnTo, dataCenter }: Target): string => {
  const isKnown = dataCenter !== undefined && Object.hasOwn(config.dataCenters, dataCenter)
  const query = queryOf({
    returnTo: returnTo === undefined ? undefined : validReturnTo(config, returnTo),
    dataCenter: isKnown ? dataCenter : undefined,
  })
  return `${config.publicPath}/connect${query && `?${query}`}`
}

/** The app's sign-in page, which leads to `returnTo` afterwards; `undefined` without `signIn`. */
export const signInUrl = (
  { signIn }: Configuration,
  returnTo: string | undefined,
): string | undefined => {
  if (signIn === undefined) return undefined
  const pathOf = (url: string) => url.split(/[?#]/, 1)[0]
  // A sign-in page behind the guard would be redirected to itself without end.
  const isSignInPage = returnTo !== undefined && pathOf(returnTo) === pathOf(signIn)
  return isSignInPage ? undefined : withQuery(signIn, { returnTo })
}

/**
 * The path and query of the requested page as browsers see them, with the prefix that a proxy
 * strips. `undefined` if the request is not a GET, or if its path could lead to another host.
 */
export const visitedPath = (config: Configuration, request: Request): string | undefined => {
  if (request.method !== 'GET') return undefined
  const { publicPath, mountPath } = config
  const { path, query } = targetOf(request)
  const strippedPrefix = publicPath.slice(0, publicPath.length - mountPath.length)
  return validReturnTo(config, strippedPrefix + path + (query && `?${query}`))
}

const validReturnTo = (config: Configuration, value: string): string | undefined => {
  const parsed = parseReturnTo(value, config)
  return 'returnTo' in parsed ? parsed.returnTo : undefined
}
