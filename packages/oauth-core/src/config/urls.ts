import type { DataCenter, DataCenterId, DataCenters } from '../domain/data-centers.ts'
import { invalidOption } from './invalid-option.ts'

/** Names of this machine. Plain http is allowed for them only. */
const loopbackHost = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

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

/** Is the value an origin in its normalized form, without a path? */
const isOrigin = (value: unknown): value is string =>
  typeof value === 'string' && parseUrl(value)?.origin === value

/** Is the value a URL in its normalized form, without query, fragment and trailing slash? */
const isBaseUrl = (value: unknown): boolean => {
  const url = parseUrl(value)
  if (!url || url.search || url.hash) return false
  return value === url.origin + url.pathname && !value.endsWith('/')
}

/** @throws `configuration-invalid` */
export const parseDataCenters = (value: DataCenters): DataCenters => {
  const entries = typeof value === 'object' && value ? Object.entries(value) : []
  if (entries.length === 0) throw invalidOption('dataCenters', 'must contain a data center')
  const table = Object.create(null) as Record<DataCenterId, DataCenter>
  for (const [id, addresses] of entries) {
    if (!/^[a-z0-9-]{1,16}$/.test(id)) throw invalidOption('dataCenters', 'has an invalid id')
    table[id] = parseDataCenter(id, addresses)
  }
  return Object.freeze(table)
}

const parseDataCenter = (id: DataCenterId, addresses: unknown): DataCenter => {
  const option = (name: string) => `dataCenters.${id}.${name}`
  const { accountsServer, apiDomain, recruitApi } = Object(addresses) as DataCenter
  for (const [name, url] of Object.entries({ accountsServer, apiDomain })) {
    if (!isOrigin(url))
      throw invalidOption(option(name), 'must be an https origin (http for a loopback host)')
  }
  if (!isBaseUrl(recruitApi))
    throw invalidOption(
      option('recruitApi'),
      'must be a normalized https URL (http for a loopback host) without query, fragment and ' +
        'trailing slash',
    )
  return Object.freeze({ accountsServer, apiDomain, recruitApi })
}

/** @throws `configuration-invalid` */
export const parseRedirectUri = (value: string): string => {
  const url = parseUrl(value)
  const isNormalized =
    url !== undefined &&
    !url.hash &&
    !url.search &&
    !url.pathname.includes('//') &&
    value === url.origin + url.pathname
  if (!isNormalized)
    throw invalidOption(
      'redirectUri',
      'must be a normalized https URL (http for a loopback host) without query, fragment and ' +
        "`//` in its path, the same as in Zoho's API console",
    )
  if (url.pathname.split('/').length < 3 || /\/(connect|disconnect)?$/.test(url.pathname))
    throw invalidOption(
      'redirectUri',
      'needs a path of two segments or more, such as /zoho/callback, that does not end in /, ' +
        '/connect or /disconnect',
    )
  return value
}

/** @throws `configuration-invalid` */
export const parseMountPath = (value: string | undefined, publicPath: string): string => {
  if (value === undefined) return publicPath
  if (value === '/') return ''
  if (!/^(\/[^/?#]+)+$/.test(value) || !publicPath.endsWith(value))
    throw invalidOption('mountPath', `must be \`/\`, or the last segments of \`${publicPath}\``)
  return value
}
