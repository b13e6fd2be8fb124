import { isRecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import { zohoDataCenters, type DataCenterId, type DataCenters } from '../domain/data-centers.ts'
import type { Secret } from '../domain/secret.ts'
import { memoryStore } from '../store/memory.ts'
import type { MonotonicClock, OnEvent, RecruitOAuthEvent, RandomBytes, WaitUntil } from './host.ts'
import type { ConnectionStore } from '../store/connection-store.ts'
import { createKeyRing, type KeyRing } from '../store/seal.ts'
import type { Fetch } from '../endpoints/http.ts'
import { checkHost } from './check-functions.ts'
import { checkMonotonic, checkRandom, checkStore } from './checked-host.ts'
import { createClientStore } from '../store/client-rows.ts'
import { checkedScopes, invalidOption } from './invalid-option.ts'
import { parseDataCenters, parseMountPath, parseRedirectUri } from './urls.ts'
import { parseClientId, parseSecrets } from './client.ts'
import { parseKeys } from './keys.ts'
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
  readonly keyRing: KeyRing
  readonly callbackIdentity: 'session' | 'cookie'
  readonly allowAccountSwitch: boolean
  readonly serveWithoutStoreMs: number
  readonly defaultReturnTo: string
  readonly onEvent: OnEvent
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
    throw isRecruitOAuthError(error) ? error : invalidOption('options', 'could not be read')
  }
}

const checkOptions = <Context>(options: RecruitOAuthOptions<Context>): Configuration => {
  if (typeof options !== 'object' || options === null)
    throw invalidOption('options', 'must be an object')
  checkHost(options)
  const random = checkRandom(
    options.random ?? ((length) => crypto.getRandomValues(new Uint8Array(length))),
  )
  const dataCenters = parseDataCenters(
    options.dataCenters === undefined ? zohoDataCenters : options.dataCenters,
  )
  const dataCenter = options.dataCenter ?? 'us'
  const secretsOf = parseSecrets(options.clientSecret, dataCenters)
  if (!Object.hasOwn(dataCenters, dataCenter))
    throw invalidOption(
      'dataCenter',
      `must be one of ${Object.keys(dataCenters).join(', ')}; \`dataCenters\` adds others`,
    )
  if (secretsOf(dataCenter).length === 0)
    throw invalidOption('clientSecret', `has none for \`${dataCenter}\`, where consent starts`)
  if (typeof options.connectionFor !== 'function')
    throw invalidOption('connectionFor', 'must be a function')
  const { callbackIdentity = 'session' } = options
  if (callbackIdentity !== 'session' && callbackIdentity !== 'cookie')
    throw invalidOption('callbackIdentity', 'must be `session` or `cookie`')
  const redirectUri = parseRedirectUri(options.redirectUri)
  const publicPath = new URL(redirectUri).pathname.replace(/\/[^/]*$/, '')
  const defaultReturnTo = safeReturnTo(options.defaultReturnTo ?? '/')
  if (defaultReturnTo === undefined)
    throw invalidOption('defaultReturnTo', 'must be a path of this app')
  const { serveWithoutStoreMs = 300_000 } = options
  const isInRange =
    typeof serveWithoutStoreMs === 'number' &&
    serveWithoutStoreMs >= 30_000 &&
    serveWithoutStoreMs <= 3_600_000
  if (!isInRange) throw invalidOption('serveWithoutStoreMs', 'must be from 30_000 to 3_600_000')
  // Made at first use: some edge runtimes have no random values while an app starts.
  const spare = () => [random(32)]
  const keyRing = createKeyRing(
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
    scopes: checkedScopes(options.scopes, invalidOption),
    dataCenter,
    dataCenters,
    secretsOf,
    store: createClientStore(checkStore(options.store ?? memoryStore()), clientId),
    keyRing,
    callbackIdentity,
    allowAccountSwitch: options.allowAccountSwitch === true,
    serveWithoutStoreMs,
    defaultReturnTo,
    onEvent: quiet(options.onEvent ?? logFaults),
    waitUntil: options.waitUntil ?? (() => {}),
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    random,
    monotonic: checkMonotonic(options.monotonic ?? (() => performance.now())),
  }
}

/** The default of `onEvent`: logs the errors that only the app's developer can correct. */
const logFaults: OnEvent = (event) => {
  if (
    event.type === 'request-refused' &&
    ['configuration', 'store', 'network'].includes(event.error.source)
  )
    console.error(`[zrecruit] ${event.error.message}`)
}

/** A failure of `onEvent`, also of an async one, must not fail the operation that it reports. */
const quiet =
  (onEvent: (event: RecruitOAuthEvent) => unknown): OnEvent =>
  (event) => {
    void (async () => onEvent(event))().catch(() => {})
  }

const warnOfMemory = (): void => {
  const stage = (globalThis as { process?: { env?: Record<string, string | undefined> } }).process
    ?.env?.['NODE_ENV']
  if (stage === 'development' || stage === 'test') return
  console.warn('[zrecruit] Without `store`, consents are lost with this process.')
}
