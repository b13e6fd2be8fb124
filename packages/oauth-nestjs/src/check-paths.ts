import { RecruitOAuthError } from '@zrecruit/oauth-core'
import type { Client } from './client.ts'
import type { ZohoRecruitModuleOptions } from './options.ts'
import { tailsOf } from './request-path.ts'

/** The server below Nest. Other servers than these two are not checked. */
export interface Server {
  /** Fastify */
  hasRoute?(route: { method: string; url: string }): boolean
  readonly initialConfig?: {
    readonly ignoreTrailingSlash?: boolean
    readonly routerOptions?: { readonly ignoreTrailingSlash?: boolean }
  }
  /** Express */
  readonly router?: { readonly stack: readonly { readonly route?: { path: unknown } }[] }
}

/**
 * Checks that the server has the library's routes at `mountPath`, or beside the path of
 * `redirectUri`. Only the server knows the final paths, which depend on the module's `path` and on
 * the app's global prefix, its exclusions and versioning.
 * @throws `configuration-invalid`
 */
export const checkPaths = (
  client: Client,
  { redirectUri, mountPath }: ZohoRecruitModuleOptions,
  { server, globalPrefix }: { server: Server | undefined; globalPrefix: string },
): void => {
  // Nest removes a slash at the end of a route, and Express matches such a route with and without
  // it. Fastify does so only with `ignoreTrailingSlash`.
  const withoutSlash = (url: string) => url.replace(/\/$/, '')
  const { ignoreTrailingSlash, routerOptions } = server?.initialConfig ?? {}
  const isSlashIgnored = ignoreTrailingSlash === true || routerOptions?.ignoreTrailingSlash === true
  const hasFastifyRoute = (url: string) =>
    server?.hasRoute?.({ method: 'GET', url: isSlashIgnored ? withoutSlash(url) : url })
  const hasExpressRoute = (url: string) =>
    server?.router?.stack.some(({ route }) => route?.path === withoutSlash(url))
  const hasRoute = (url: string): boolean => hasFastifyRoute(url) ?? hasExpressRoute(url) ?? true
  const pathsAt = (base: string) => Object.values(client.paths).map((path) => base + path)
  const hasRoutesAt = (base: string) => pathsAt(base).every(hasRoute)
  if (hasRoutesAt(client.basePath)) return
  const publicPath = client.strippedPrefix + client.basePath
  const actual = [...tailsOf(publicPath), ''].find(hasRoutesAt)
  const advice =
    actual === undefined
      ? 'set `mountPath` to what remains'
      : `set \`mountPath: '${actual || '/'}'\``
  const needsSlash = client.paths.callback.endsWith('/') && server?.hasRoute !== undefined
  const option = mountPath === undefined ? 'redirectUri' : 'mountPath'
  throw new RecruitOAuthError('configuration-invalid', {
    summary:
      `According to the option \`${option}\`, the routes are ` +
      `${pathsAt(client.basePath).join(', ')}. This app does not have all of them there.`,
    hint:
      "Correct the module's `path`. The app's global prefix (here: " +
      `${globalPrefix || 'none'}) comes before it, unless the routes are excluded from it. If a ` +
      'proxy, an app in which this one is mounted, or a middleware removes a prefix of ' +
      `${new URL(redirectUri).pathname}, ${advice}.` +
      (needsSlash
        ? ' For a `redirectUri` that ends in a slash, create the `FastifyAdapter` with ' +
          '`routerOptions: { ignoreTrailingSlash: true }`.'
        : ''),
  })
}
