import { isRecruitOAuthError } from '../errors/index.ts'
import {
  zohoDataCenters,
  type DataCenterId,
  type DataCenters,
  type Secret,
} from '../domain/index.ts'
import { memoryStore } from '../memory/index.ts'
import type {
  ConnectionStore,
  MonotonicClock,
  Observer,
  ObserverEvent,
  RandomBytes,
  WaitUntil,
} from '../ports/index.ts'
import { keyRing, type KeyRing } from '../seal/index.ts'
import type { Fetch } from '../wire/index.ts'
import { checkHost } from './check-host.ts'
import { checkedMonotonic, checkedRandom, checkedStore } from './checked-host.ts'
import { clientRows } from './client-rows.ts'
import { checkedScopes, invalid } from './invalid-option.ts'
import { parseDataCenters, parseMountPath, parseRedirectUri } from './parse-addresses.ts'
import { parseClientId, parseSecrets } from './parse-client.ts'
import { parseKeys } from './parse-keys.ts'
import { safeReturnTo } from './return-to.ts'
import type { RecruitOAuthOptions } from './options.ts'

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
  /** The client's own rows: no command of it reaches another client's. */
  readonly store: ConnectionStore
  readonly ring: KeyRing
  readonly callbackTrusts: 'session' | 'binding'
  readonly allowAccountSwitch: boolean
  readonly serveWithoutStoreMs: number
  readonly defaultReturnTo: string
  readonly observer: Observer
  readonly waitUntil: WaitUntil
  readonly fetch: Fetch
  readonly random: RandomBytes
  readonly monotonic: MonotonicClock
}

/**
 * Checks every option once, at construction. @throws `configuration-invalid`, naming the option and
 * the cure.
 */
export const configure = <Context>(options: RecruitOAuthOptions<Context>): Configuration => {
  try {
    return checkOptions(options)
  } catch (error) {
    throw isRecruitOAuthError(error) ? error : invalid('options', 'could not be read')
  }
}

const checkOptions = <Context>(options: RecruitOAuthOptions<Context>): Configuration => {
  if (typeof options !== 'object' || options === null) throw invalid('options', 'must be an object')
  checkHost(options)
  const random = checkedRandom(
    options.random ?? ((length) => crypto.getRandomValues(new Uint8Array(length))),
  )
  const dataCenters = parseDataCenters(
    options.dataCenters === undefined ? zohoDataCenters : options.dataCenters,
  )
  const dataCenter = options.dataCenter ?? 'us'
  const secretsOf = parseSecrets(options.clientSecret, dataCenters)
  if (!Object.hasOwn(dataCenters, dataCenter))
    throw invalid(
      'dataCenter',
      `must be one of ${Object.keys(dataCenters).join(', ')}; \`dataCenters\` adds others`,
    )
  if (secretsOf(dataCenter).length === 0)
    throw invalid('clientSecret', `has none for \`${dataCenter}\`, where consent starts`)
  if (typeof options.connectionFor !== 'function')
    throw invalid('connectionFor', 'must be a function')
  const { callbackTrusts = 'session' } = options
  if (callbackTrusts !== 'session' && callbackTrusts !== 'binding')
    throw invalid('callbackTrusts', 'must be `session` or `binding`')
  const redirectUri = parseRedirectUri(options.redirectUri)
  const publicPath = new URL(redirectUri).pathname.replace(/\/[^/]*$/, '')
  const defaultReturnTo = safeReturnTo(options.defaultReturnTo ?? '/')
  if (defaultReturnTo === undefined) throw invalid('defaultReturnTo', 'must be a path of this app')
  const { serveWithoutStoreMs = 300_000 } = options
  const isInRange =
    typeof serveWithoutStoreMs === 'number' &&
    serveWithoutStoreMs >= 30_000 &&
    serveWithoutStoreMs <= 3_600_000
  if (!isInRange) throw invalid('serveWithoutStoreMs', 'must be from 30_000 to 3_600_000')
  // Made at first use: some edge runtimes have no random values while an app starts.
  const spare = () => [random(32)]
  const ring = keyRing(
    options.encryptionKeys === undefined && !options.store
      ? spare
      : parseKeys(options.encryptionKeys),
  )
  if (!options.store) warnOfMemory()
  const clientId = parseClientId(options.clientId)
  return {
    clientId,
    redirectUri,
    publicPath,
    mountPath: parseMountPath(options.mountPath, publicPath),
    scopes: checkedScopes(options.scopes, invalid),
    dataCenter,
    dataCenters,
    secretsOf,
    store: clientRows(checkedStore(options.store ?? memoryStore()), clientId),
    ring,
    callbackTrusts,
    allowAccountSwitch: options.allowAccountSwitch === true,
    serveWithoutStoreMs,
    defaultReturnTo,
    observer: quiet(options.observer ?? logFaults),
    waitUntil: options.waitUntil ?? (() => {}),
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    random,
    monotonic: checkedMonotonic(options.monotonic ?? (() => performance.now())),
  }
}

/** Without an observer, what only the app's developer can mend is written to the log. */
const logFaults: Observer = (event) => {
  if (
    event.type === 'request-refused' &&
    ['configuration', 'store', 'network'].includes(event.error.fault)
  )
    console.error(`[zrecruit] ${event.error.message}`)
}

/** An observer that fails, at once or later, must not fail what it observes. */
const quiet =
  (observer: (event: ObserverEvent) => unknown): Observer =>
  (event) => {
    void (async () => observer(event))().catch(() => {})
  }

const warnOfMemory = (): void => {
  const stage = (globalThis as { process?: { env?: Record<string, string | undefined> } }).process
    ?.env?.['NODE_ENV']
  if (stage === 'development' || stage === 'test') return
  console.warn('[zrecruit] Without `store`, consents are lost with this process.')
}
