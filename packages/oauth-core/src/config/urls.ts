import type { DataCenter, DataCenterId, DataCenters } from '../domain/data-centers.ts'
import { invalidOption } from './invalid-option.ts'
import { isOrigin, parseUrl } from './parse-url.ts'

export const parseDataCenters = (value: DataCenters): DataCenters => {
  const entries = typeof value === 'object' && value ? Object.entries(value) : []
  if (entries.length === 0) throw invalidOption('dataCenters', 'must name a data center')
  const table = Object.create(null) as Record<DataCenterId, DataCenter>
  for (const [id, addresses] of entries) {
    const at = (name: string) => `dataCenters.${id}.${name}`
    if (!/^[a-z0-9-]{1,16}$/.test(id))
      throw invalidOption('dataCenters', 'has an id that is no word')
    const { accountsServer, apiDomain, recruitApi } = Object(addresses) as DataCenter
    for (const [name, url] of Object.entries({ accountsServer, apiDomain })) {
      if (!isOrigin(url))
        throw invalidOption(at(name), 'must be an https origin (http for a loopback host)')
    }
    const api = parseUrl(recruitApi)
    if (
      !api ||
      api.search ||
      api.hash ||
      recruitApi !== api.origin + api.pathname ||
      recruitApi.endsWith('/')
    ) {
      throw invalidOption(at('recruitApi'), 'must be an https address without trailing slash')
    }
    table[id] = Object.freeze({ accountsServer, apiDomain, recruitApi })
  }
  return Object.freeze(table)
}

export const parseRedirectUri = (value: string): string => {
  const url = parseUrl(value)
  if (
    !url ||
    url.hash ||
    url.search ||
    url.pathname.includes('//') ||
    value !== url.origin + url.pathname
  ) {
    throw invalidOption(
      'redirectUri',
      "must be the https address registered in Zoho's API console (http for a loopback host)",
    )
  }
  if (url.pathname.split('/').length < 3 || /\/(connect|disconnect)?$/.test(url.pathname))
    throw invalidOption(
      'redirectUri',
      'needs a path such as /zoho/callback: /connect and /disconnect stand beside it',
    )
  return value
}

export const parseMountPath = (value: string | undefined, publicPath: string): string => {
  if (value === undefined) return publicPath
  if (value === '/') return ''
  if (!/^(\/[^/?#]+)+$/.test(value) || !publicPath.endsWith(value))
    throw invalidOption('mountPath', `must be what a proxy leaves of \`${publicPath}\``)
  return value
}
