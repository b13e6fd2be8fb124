import { zohoDataCenters, type DataCenterId, type DataCenters } from '../domain/data-centers.ts'
import type { AccountSwitch } from '../domain/identity.ts'
import { missingScopes } from '../domain/scopes.ts'
import type { Secret } from '../domain/secret.ts'
import type { Fetch } from '../endpoints/http.ts'
import { isRecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import { refuseUnknownOptions } from '../errors/unknown-options.ts'
import { createClientStore } from '../store/client-rows.ts'
import type { ConnectionStore } from '../store/connection-store.ts'
import { memoryStore } from '../store/memory.ts'
import { createKeyRing, type KeyRing } from '../store/seal.ts'
import { parseClientId, parseSecrets } from './client-credentials.ts'
import { consoleListener } from './console-listener.ts'
import {
  checkHostFunctions,
  withCheckedResults,
  withCheckedBytes,
  withCheckedTime,
} from './host-functions.ts'
import type { MonotonicClock, OnEvent, RecruitOAuthEvent, RandomBytes, WaitUntil } from './host.ts'
import { invalidOption, validateScopes } from './invalid-option.ts'
import { parseKeys } from './keys.ts'
import { optionNames } from './option-names.ts'
import type { RecruitOAuthOptions } from './options.ts'
import { parsePages, type PageConfiguration } from './pages.ts'
import {
  callbackPathOf,
  parseDataCenters,
  parseMountPath,
  parseRedirectUri,
  publicPathOf,
} from './urls.ts'

/** The options after all checks, with their defaults. */
export interface Configuration extends PageConfiguration {
  readonly clientId: string
  readonly redirectUri: string
  /** The path of the routes as browsers see it. */
  readonly publicPath: string
  /** The path of the callback below the path of the routes. */
  readonly callbackPath: string
  /** The path of the routes as the app sees it. */
  readonly mountPath: string
  readonly scopes: readonly string[]
  readonly dataCenter: DataCenterId
  readonly dataCenters: DataCenters
  readonly secretsOf: (dataCenter: DataCenterId) => readonly Secret[]
  /** The app's store, limited to the rows of this client. */
  readonly store: ConnectionStore
  readonly keyRing: KeyRing
  readonly callbackIdentity: 'session' | 'cookie'
  readonly allowAccountSwitch: AccountSwitch
  readonly serveWithoutStoreMs: number
  readonly onEvent: OnEvent
  readonly waitUntil: WaitUntil
  readonly fetch: Fetch
  readonly random: RandomBytes
  readonly monotonic: MonotonicClock
}

/**
 * Checks every option once, when the client is created.
 * @throws `configuration-invalid`: the message names the option and what to do
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
  refuseUnknownOptions(options, optionNames)
  checkHostFunctions(options)
  const random = withCheckedBytes(
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
      `must be one of ${Object.keys(dataCenters).join(', ')}, or be added to \`dataCenters\``,
    )
  if (secretsOf(dataCenter).length === 0)
    throw invalidOption(
      'clientSecret',
      `has no secret for the data center \`${dataCenter}\`, where consent starts`,
    )
  if (typeof options.connectionFor !== 'function')
    throw invalidOption('connectionFor', 'must be a function')
  const { callbackIdentity = 'session' } = options
  if (callbackIdentity !== 'session' && callbackIdentity !== 'cookie')
    throw invalidOption('callbackIdentity', 'must be `session` or `cookie`')
  const { allowAccountSwitch = false } = options
  if (![true, false, 'same-organization'].includes(allowAccountSwitch))
    throw invalidOption('allowAccountSwitch', 'must be `true`, `false` or `same-organization`')
  const scopes = validateScopes(options.scopes, invalidOption)
  const canReadOrganization = missingScopes(scopes, ['ZohoRecruit.org.READ']).length === 0
  if (allowAccountSwitch === 'same-organization' && !canReadOrganization)
    throw invalidOption(
      'allowAccountSwitch',
      'is `same-organization`, which needs `ZohoRecruit.org.ALL` in `scopes`',
    )
  const redirectUri = parseRedirectUri(options.redirectUri)
  const publicPath = publicPathOf(redirectUri)
  const { serveWithoutStoreMs = 300_000 } = options
  const isInRange =
    typeof serveWithoutStoreMs === 'number' &&
    serveWithoutStoreMs >= 30_000 &&
    serveWithoutStoreMs <= 3_600_000
  if (!isInRange) throw invalidOption('serveWithoutStoreMs', 'must be from 30_000 to 3_600_000')
  const keyRing = parseKeyRing(options, random)
  if (!options.store) warnAboutMemoryStore()
  const clientId = parseClientId(options.clientId)
  return {
    clientId,
    redirectUri,
    publicPath,
    callbackPath: callbackPathOf(redirectUri),
    mountPath: parseMountPath(options.mountPath, publicPath),
    scopes,
    dataCenter,
    dataCenters,
    secretsOf,
    store: createClientStore(withCheckedResults(options.store ?? memoryStore()), clientId),
    keyRing,
    callbackIdentity,
    allowAccountSwitch,
    serveWithoutStoreMs,
    ...parsePages(options, redirectUri),
    onEvent: ignoreErrors(options.onEvent ?? consoleListener),
    waitUntil: options.waitUntil ?? (() => {}),
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    random,
    monotonic: withCheckedTime(options.monotonic ?? (() => performance.now())),
  }
}

/** Without a store and without keys, a random key is enough. */
const parseKeyRing = <Context>(
  { encryptionKeys, store }: RecruitOAuthOptions<Context>,
  random: RandomBytes,
): KeyRing => {
  if (encryptionKeys === undefined && !store) {
    // Created at first use, because some edge runtimes have no random values while an app starts.
    return createKeyRing(() => [random(32)])
  }
  const keys = parseKeys(encryptionKeys)
  return createKeyRing(() => keys)
}

/** An `onEvent` that throws or rejects must not stop the operation that it reports. */
const ignoreErrors =
  (onEvent: (event: RecruitOAuthEvent) => unknown): OnEvent =>
  (event) => {
    void (async () => onEvent(event))().catch(() => {})
  }

const warnAboutMemoryStore = (): void => {
  const environment = (globalThis as { process?: { env?: Record<string, string | undefined> } })
    .process?.env?.['NODE_ENV']
  if (environment === 'development' || environment === 'test') return
  console.warn('[zrecruit] Without `store`, all consents are lost when this process ends.')
}
