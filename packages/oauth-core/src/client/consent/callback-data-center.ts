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
  const serverOf = (id: DataCenterId): string | undefined => dataCenters[id]?.accountsServer
  const byLocation = location === null ? undefined : serverOf(location)
  if (dangerousServer === null && location !== null && byLocation === undefined)
    throw unknownDataCenter(location)
  const server =
    dangerousServer === null ? (byLocation ?? serverOf(initialId)) : toOrigin(dangerousServer)
  const isMismatch = byLocation !== undefined && server !== byLocation
  if (isMismatch && isKnownServer(dataCenters, server))
    throw new RecruitOAuthError('data-center-mismatch')
  const entries = server === undefined ? [] : entriesAt(dataCenters, server, initialId)
  const id = entries.find(
    (entry) => isSandbox(dataCenters, entry) === isSandbox(dataCenters, initialId),
  )
  if (id === undefined) {
    const [other] = entries
    throw other === undefined
      ? unknownServer(dataCenters, dangerousParameters)
      : wrongEnvironment(dataCenters, initialId, other)
  }
  if (secretsOf(id).length === 0) throw unknownDataCenter(id)
  return id
}

/**
 * The error for a callback with an unknown accounts server. Its origin is for the developer's log:
 * at most 100 characters, and without the code and the state of the callback.
 */
const unknownServer = (
  dataCenters: DataCenters,
  dangerousParameters: URLSearchParams,
): RecruitOAuthError => {
  const parameter = (name: string) => dangerousParameters.get(name) ?? undefined
  const origin = toOrigin(URL.parse(parameter('accounts-server') ?? '')?.origin)
  const secrets = [parameter('code'), parameter('state')].filter((value) => value !== undefined)
  return new RecruitOAuthError('data-center-unknown', {
    accountsServer: withoutSecrets(origin?.slice(0, 100), secrets),
    ...(isKnownServer(dataCenters, origin) && {
      summary: "The callback's accounts-server has a path, a query or user info.",
      hint: 'It must be an origin. Look for a proxy that changes the callback, or for an attack.',
    }),
  })
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
 * A data center and its sandbox have the same accounts server, so a consent stays in a sandbox, or
 * outside of sandboxes, as it began. This is the error if only the other entry is configured.
 */
const wrongEnvironment = (
  dataCenters: DataCenters,
  initialId: DataCenterId,
  other: DataCenterId,
): RecruitOAuthError => {
  const isOtherSandbox = isSandbox(dataCenters, other)
  const kind = (isInSandbox: boolean) => (isInSandbox ? 'a sandbox' : 'no sandbox')
  return new RecruitOAuthError('data-center-unknown', {
    dataCenter: other,
    summary:
      `The consent began at \`${initialId}\`, which is ${kind(!isOtherSandbox)}, and the user's ` +
      `data center is only configured as \`${other}\`, which is ${kind(isOtherSandbox)}.`,
    hint: isOtherSandbox
      ? `Add the entry of the data center to which the sandbox \`${other}\` belongs.`
      : `Add the sandbox of \`${other}\` to \`dataCenters\` with \`sandboxOf\`.`,
  })
}
