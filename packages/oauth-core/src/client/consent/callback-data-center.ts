import type { Configuration } from '../../config/configure.ts'
import type { DataCenterId, DataCenters } from '../../domain/data-centers.ts'
import { RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import { withoutSecrets } from '../../endpoints/zoho-error.ts'
import { toOrigin } from '../../internal/origin.ts'
import { unknownDataCenter } from '../context.ts'

/**
 * The data center of a callback: the entry with the accounts server that the callback names, by
 * `accounts-server` or else by `location`. If the callback names none, it is the accounts server
 * where consent began. If both parameters are known and differ, the callback is refused. The result
 * is a key of `dataCenters`, so an address in the callback is never called.
 * @see https://www.zoho.com/accounts/protocol/oauth/multi-dc/client-authorization.html
 * @throws `data-center-unknown`, `data-center-mismatch`
 */
export const dataCenterOf = (
  { dataCenters, secretsOf }: Configuration,
  dangerousParameters: URLSearchParams,
  initialId: DataCenterId,
): DataCenterId => {
  const dangerousServer = dangerousParameters.get('accounts-server')
  const location = dangerousParameters.get('location')
  const serverOf = (id: DataCenterId): string | undefined =>
    Object.hasOwn(dataCenters, id) ? dataCenters[id]?.accountsServer : undefined
  const byLocation = location === null ? undefined : serverOf(location)
  const named = dangerousServer === null ? byLocation : toOrigin(dangerousServer)
  const isUnnamed = dangerousServer === null && location === null
  const server = isUnnamed ? serverOf(initialId) : named
  if (byLocation !== undefined && server !== byLocation && isKnownServer(dataCenters, server))
    throw new RecruitOAuthError('data-center-mismatch')
  if (server === undefined)
    throw new RecruitOAuthError('data-center-unknown', {
      accountsServer: displayOrigin(dangerousParameters),
    })
  const id = findEntry(dataCenters, server, initialId)
  if (id === undefined) throw noEntry(dataCenters, server, initialId, dangerousParameters)
  if (secretsOf(id).length === 0) throw unknownDataCenter(id)
  return id
}

/**
 * The origin of an unknown accounts server, for the developer's log: at most 100 characters, and
 * without the code of the callback.
 */
const displayOrigin = (dangerousParameters: URLSearchParams): string | undefined => {
  const dangerousServer = dangerousParameters.get('accounts-server')
  const origin = dangerousServer === null ? undefined : URL.parse(dangerousServer)?.origin
  const code = dangerousParameters.get('code')
  return withoutSecrets(toOrigin(origin)?.slice(0, 100), code === null ? [] : [code])
}

const isKnownServer = (dataCenters: DataCenters, server: string | undefined): boolean =>
  Object.values(dataCenters).some(({ accountsServer }) => accountsServer === server)

const isSandbox = (dataCenters: DataCenters, id: DataCenterId): boolean =>
  dataCenters[id]?.sandbox === true

/** The entries with this accounts server; the one where consent began comes first. */
const entriesAt = (
  dataCenters: DataCenters,
  server: string,
  initialId: DataCenterId,
): DataCenterId[] =>
  [initialId, ...Object.keys(dataCenters)].filter(
    (id) => dataCenters[id]?.accountsServer === server,
  )

/**
 * The entry with this accounts server. A data center and its sandbox have the same one, so a
 * consent stays in a sandbox, or outside of sandboxes, as it began.
 */
const findEntry = (
  dataCenters: DataCenters,
  server: string,
  initialId: DataCenterId,
): DataCenterId | undefined =>
  entriesAt(dataCenters, server, initialId).find(
    (id) => isSandbox(dataCenters, id) === isSandbox(dataCenters, initialId),
  )

/** The error for an accounts server without an entry where this consent may end. */
const noEntry = (
  dataCenters: DataCenters,
  server: string,
  initialId: DataCenterId,
  dangerousParameters: URLSearchParams,
): RecruitOAuthError => {
  const [other] = entriesAt(dataCenters, server, initialId)
  if (other === undefined)
    return new RecruitOAuthError('data-center-unknown', {
      accountsServer: displayOrigin(dangerousParameters),
    })
  const describe = (id: DataCenterId): string =>
    `\`${id}\`, which is ${isSandbox(dataCenters, id) ? 'a sandbox' : 'no sandbox'}`
  return new RecruitOAuthError('data-center-unknown', {
    dataCenter: other,
    summary:
      `The consent began at ${describe(initialId)}. For the user's data center, the only entry ` +
      `is ${describe(other)}.`,
  })
}
