import {
  zohoDataCenters,
  type DataCenter,
  type DataCenterId,
  type DataCenters,
} from '../domain/data-centers.ts'
import { toOrigin } from '../internal/origin.ts'
import { invalidOption } from './invalid-option.ts'

/** Names of this machine (RFC 6761, 6.3). Plain http is allowed for them only. */
export const loopbackHost = /^(([^.]+\.)*localhost|127(\.\d{1,3}){3}|\[::1\])$/

/**
 * An absolute https URL (http for a loopback host) without a user name and password; otherwise
 * `undefined`.
 */
const parseUrl = (value: unknown): URL | undefined => {
  if (typeof value !== 'string' || value.length > 2_048) return undefined
  try {
    const url = new URL(value)
    if (url.username || url.password) return undefined
    const isAllowed =
      url.protocol === 'https:' || (url.protocol === 'http:' && loopbackHost.test(url.hostname))
    return isAllowed ? url : undefined
  } catch {
    return undefined // The platform's error would quote the whole URL.
  }
}

/** An https origin (http for a loopback host); otherwise `undefined`. */
export const parseOrigin = (value: unknown): string | undefined => {
  const origin = toOrigin(value)
  return origin !== undefined && parseUrl(origin) ? origin : undefined
}

/** @throws `configuration-invalid` */
export const parseDataCenters = (value: DataCenters): DataCenters => {
  const entries = typeof value === 'object' && value ? Object.entries(value) : []
  if (entries.length === 0) throw invalidOption('dataCenters', 'must contain a data center')
  const parsed = entries.map(([id, addresses]) => {
    if (!/^[a-z0-9-]{1,16}$/.test(id))
      throw invalidOption('dataCenters', 'has an id that is not 1 to 16 of a–z, 0–9 and `-`')
    return [id, parseDataCenter(id, addresses)] as const
  })
  // Zoho's own ids come first, so that the order of the app's object does not matter for them.
  const ordered = parsed.toSorted(([a], [b]) => Number(isZohoId(b)) - Number(isZohoId(a)))
  const production = new Set<string>()
  const table = Object.create(null) as Record<DataCenterId, DataCenter>
  for (const [id, entry] of ordered) {
    const { accountsServer, sandbox = production.has(accountsServer) } = entry
    if (!sandbox) production.add(accountsServer)
    table[id] = Object.freeze({ ...entry, sandbox })
  }
  return Object.freeze(table)
}

const isZohoId = (id: DataCenterId): boolean => Object.hasOwn(zohoDataCenters, id)

const parseDataCenter = (id: DataCenterId, addresses: unknown): DataCenter => {
  const option = (name: string) => `dataCenters.${id}.${name}`
  const entry = Object(addresses) as DataCenter
  const { sandbox } = entry
  if (sandbox !== undefined && typeof sandbox !== 'boolean')
    throw invalidOption(option('sandbox'), 'must be true or false')
  const readOrigin = (name: keyof DataCenter): string => {
    const origin = parseOrigin(entry[name])
    if (origin === undefined)
      throw invalidOption(option(name), 'must be an https origin (http for a loopback host)')
    return origin
  }
  const readBaseUrl = (name: keyof DataCenter): string => {
    const url = parseUrl(entry[name])
    const writtenPath = String(entry[name]).replace(/^[^/]*\/\/[^/]*/, '')
    const isNormalized = url?.pathname === writtenPath || url?.pathname === `${writtenPath}/`
    if (!url || !isNormalized || url.pathname.endsWith('//'))
      throw invalidOption(
        option(name),
        'must be a normalized https URL (http for a loopback host) without query and fragment',
      )
    return url.origin + url.pathname.replace(/\/$/, '')
  }
  return {
    accountsServer: readOrigin('accountsServer'),
    apiDomain: readOrigin('apiDomain'),
    recruitApi: readBaseUrl('recruitApi'),
    ...(entry.uploadServer !== undefined && { uploadServer: readOrigin('uploadServer') }),
    ...(entry.sandboxApi !== undefined && { sandboxApi: readBaseUrl('sandboxApi') }),
    ...(sandbox !== undefined && { sandbox }),
  }
}

/** @throws `configuration-invalid`, naming the cause */
export const parseRedirectUri = (value: string): string => {
  const problem = redirectUriProblem(value)
  if (problem !== undefined)
    throw invalidOption(
      'redirectUri',
      `${problem}. It has to be the same as in Zoho's API console, character for character`,
    )
  return value
}

/** What is wrong with a redirect URI; `undefined` if nothing is. */
const redirectUriProblem = (value: unknown): string | undefined => {
  const url = parseUrl(value)
  if (!url) return 'must be an absolute https URL (http for a loopback host) without user info'
  if (url.hash || (value as string).includes('#')) return 'must not have a fragment (`#`)'
  if (url.search || (value as string).includes('?'))
    return 'must not have a query: `state` carries what the app has to remember'
  const { origin, pathname } = url
  if (pathname === '/') return 'has no path: it needs one such as `/zoho/callback`'
  const normalized = origin + pathname
  if (value !== normalized) {
    const hasPort = /^https:\/\/[^/]*:443\/|^http:\/\/[^/]*:80\//.test(value as string)
    const problem = hasPort ? 'has the default port' : 'is not written as browsers write it'
    return `${problem}: write \`${normalized}\``
  }
  if (pathname.includes('//')) return 'has `//` in its path'
  if (/\/(connect|disconnect)\/?$/.test(pathname))
    return 'must not end in `/connect` or `/disconnect`, which are other routes'
  return undefined
}

/** The last segment of the path of a redirect URI, which may end in a slash: `/callback`. */
const lastSegment = /\/[^/]+\/?$/

/** The path of the routes as browsers see it: the path of `redirectUri` without `/callback`. */
export const publicPathOf = (redirectUri: string): string =>
  new URL(redirectUri).pathname.replace(lastSegment, '')

/** The path of the callback below the path of the routes: `/callback`. */
export const callbackPathOf = (redirectUri: string): string =>
  lastSegment.exec(new URL(redirectUri).pathname)?.[0] ?? ''

/** @throws `configuration-invalid` */
export const parseMountPath = (value: string | undefined, publicPath: string): string => {
  if (value === undefined) return publicPath
  if (value === '/') return ''
  if (!/^(\/[^/?#]+)+$/.test(value) || !publicPath.endsWith(value))
    throw invalidOption('mountPath', `must be \`/\`, or the last segments of \`${publicPath}\``)
  return value
}
