import { isScopeToken, isSecret, normalizeScopes, Secret, zohoDataCenters, type DataCenter, type DataCenterId, type DataCenters } from '../domain/index.ts'
import { memoryStore } from '../memory/index.ts'
import type { ConnectionStore, MonotonicClock, Observer, RandomBytes, WaitUntil } from '../ports/index.ts'
import { keyRing, type KeyRing } from '../seal/index.ts'
import type { Fetch } from '../wire/index.ts'
import { checkHost } from './check-host.ts'
import { invalid } from './invalid-option.ts'
import { parseKeys } from './parse-keys.ts'
import { isOrigin, parseUrl } from './parse-url.ts'
import { safeReturnTo } from './return-to.ts'
import type { ClientSecret, RecruitOAuthOptions } from './options.ts'

/** The options, checked: nothing that reads this has to doubt it. */
export interface Configuration {
  readonly clientId: string
  readonly redirectUri: string
  /** Path of the routes as browsers see it, and as the app sees it. */
  readonly publicPath: string
  readonly mountPath: string
  readonly scopes: readonly string[]
  readonly dataCenter: DataCenterId
  readonly dataCenters: DataCenters
  readonly secretsOf: (dataCenter: DataCenterId) => readonly Secret[]
  readonly store: ConnectionStore
  readonly ring: KeyRing
  readonly afterConnect: string
  readonly observer: Observer
  readonly waitUntil: WaitUntil
  readonly fetch: Fetch
  readonly random: RandomBytes
  readonly monotonic: MonotonicClock
}

/** Checks every option once, at construction. @throws `configuration-invalid`, naming the option and the cure. */
export const configure = <Context>(options: RecruitOAuthOptions<Context>): Configuration => {
  if (typeof options !== 'object' || options === null) throw invalid('options', 'must be an object')
  checkHost(options)
  const random = options.random ?? ((length) => crypto.getRandomValues(new Uint8Array(length)))
  const dataCenters = parseDataCenters(options.dataCenters ?? zohoDataCenters)
  const dataCenter = options.dataCenter ?? 'us'
  const secretsOf = parseSecrets(options.clientSecret, dataCenters)
  if (!Object.hasOwn(dataCenters, dataCenter)) throw invalid('dataCenter', `must be one of ${Object.keys(dataCenters).join(', ')}; add others to the option \`dataCenters\``)
  if (secretsOf(dataCenter).length === 0) throw invalid('clientSecret', `has no secret for \`${dataCenter}\`, where consent starts: add one from that data center's API console`)
  if (typeof options.connectionFor !== 'function') throw invalid('connectionFor', 'must be a function that answers with { id, principal } for the signed-in user')
  const redirectUri = parseRedirectUri(options.redirectUri)
  const publicPath = new URL(redirectUri).pathname.replace(/\/[^/]*$/, '')
  const afterConnect = safeReturnTo(options.afterConnect ?? '/')
  if (afterConnect === undefined) throw invalid('afterConnect', 'must be a path of this app that begins with one `/`')
  if (!options.store) warnOfMemory()
  return {
    clientId: parseVisible('clientId', options.clientId, "copy it from Zoho's API console (it begins with `1000.`)"),
    redirectUri,
    publicPath,
    mountPath: parseMountPath(options.mountPath, publicPath),
    scopes: parseScopeOption(options.scopes),
    dataCenter,
    dataCenters,
    secretsOf,
    store: options.store ?? memoryStore(),
    ring: keyRing(parseKeys(options.encryptionKeys, options.store ? undefined : random(32))),
    afterConnect,
    observer: quiet(options.observer ?? (() => {})),
    waitUntil: options.waitUntil ?? (() => {}),
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    random,
    monotonic: options.monotonic ?? (() => performance.now()),
  }
}

/** An observer that fails must not fail what it observes. */
const quiet = (observer: Observer): Observer => (event) => {
  try {
    observer(event)
  } catch {
    // Its own affair.
  }
}

const parseVisible = (option: string, value: unknown, cure: string): string => {
  const text = isSecret(value) ? value.reveal() : value
  if (typeof text !== 'string' || text === '') throw invalid(option, `is missing: ${cure}`)
  if (!/^[\x21-\x7e]{1,512}$/.test(text)) throw invalid(option, `has spaces or characters that Zoho does not use: ${cure}`)
  return text
}

const parseSecret = (option: string, value: ClientSecret | undefined): readonly Secret[] => {
  const list = Array.isArray(value) ? value : [value]
  if (list.length > 2) throw invalid(option, 'must be one secret, or [current, former]')
  return list.map((one) => new Secret(parseVisible(option, one, "copy it from Zoho's API console")))
}

const parseSecrets = (value: RecruitOAuthOptions['clientSecret'], dataCenters: DataCenters): Configuration['secretsOf'] => {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isSecret(value)) {
    const secrets = parseSecret('clientSecret', value as ClientSecret)
    return () => secrets
  }
  const table = new Map<DataCenterId, readonly Secret[]>()
  for (const [id, secret] of Object.entries(value)) {
    if (!Object.hasOwn(dataCenters, id)) throw invalid('clientSecret', 'names a data center that is not in `dataCenters`') // Unnamed: it may be a secret that took the wrong place.
    table.set(id, parseSecret(`clientSecret.${id}`, secret))
  }
  return (id) => table.get(id) ?? []
}

const parseDataCenters = (value: DataCenters): DataCenters => {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) throw invalid('dataCenters', 'must name at least one data center')
  const table = Object.create(null) as Record<DataCenterId, DataCenter>
  for (const [id, addresses] of Object.entries(value)) {
    const at = (name: string) => `dataCenters.${id}.${name}`
    if (!/^[a-z0-9-]{1,16}$/.test(id)) throw invalid('dataCenters', `has an id that is not 1 to 16 of a-z, 0-9 and \`-\``)
    if (typeof addresses !== 'object' || addresses === null) throw invalid(`dataCenters.${id}`, 'must be an object with `accountsServer`, `apiDomain` and `recruitApi`')
    const { accountsServer, apiDomain, recruitApi } = addresses
    for (const [name, url] of Object.entries({ accountsServer, apiDomain })) {
      if (!isOrigin(url)) throw invalid(at(name), 'must be an https origin without path, query, user or trailing slash (http for a loopback host)')
    }
    const api = parseUrl(recruitApi)
    if (!api || api.search || api.hash || recruitApi !== api.origin + api.pathname || recruitApi.endsWith('/')) {
      throw invalid(at('recruitApi'), 'must be an https address without query, user or trailing slash, such as https://recruit.zoho.com/recruit/v2')
    }
    table[id] = Object.freeze({ accountsServer, apiDomain, recruitApi })
  }
  return Object.freeze(table)
}

const parseRedirectUri = (value: string): string => {
  const url = parseUrl(value)
  if (!url || url.hash || url.search || value !== url.origin + url.pathname) {
    throw invalid('redirectUri', "must be an absolute https address without query or fragment (http for a loopback host), as registered in Zoho's API console, such as https://app.example.com/zoho/callback")
  }
  if (url.pathname.split('/').length < 3) throw invalid('redirectUri', 'needs a path of two parts or more, such as /zoho/callback: /connect and /disconnect are mounted beside it')
  if (/\/(connect|disconnect)?$/.test(url.pathname)) throw invalid('redirectUri', 'must not end in /, /connect or /disconnect')
  return value
}

const parseMountPath = (value: string | undefined, publicPath: string): string => {
  if (value === undefined) return publicPath
  if (!/^(\/[^/?#]+)+$/.test(value) || !publicPath.endsWith(value)) throw invalid('mountPath', `must be the end of the path in \`redirectUri\`, \`${publicPath}\`, that is left when a proxy has stripped its prefix`)
  return value
}

const parseScopeOption = (value: readonly string[]): readonly string[] => {
  if (!Array.isArray(value) || value.length === 0) throw invalid('scopes', "must name at least one scope, such as 'ZohoRecruit.modules.READ'")
  const wrong = value.findIndex((scope) => typeof scope !== 'string' || !isScopeToken(scope))
  if (wrong >= 0) throw invalid(`scopes[${wrong}]`, 'is not a scope: one string for each, without spaces, commas or quotes')
  return normalizeScopes(value)
}

const warnOfMemory = (): void => {
  const stage = (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env?.['NODE_ENV']
  if (stage === 'development' || stage === 'test') return
  console.warn('[zrecruit] No `store` was given: consents are kept in memory and lost with this process. Give `store`, or set NODE_ENV=development.')
}

