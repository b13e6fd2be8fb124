import { RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import type { DataCenterId } from '../../domain/data-centers.ts'
import type { Configuration } from '../../config/configure.ts'
import { unknownDataCenter } from '../context.ts'

const longestQuery = 8_192
const longestCode = 2_048
const once = ['code', 'state', 'error', 'location', 'accounts-server', 'iss'] as const

/** A callback's own parameters, each at most once; all of them came from a stranger. */
export interface Callback {
  readonly state: string
  readonly dangerousParameters: URLSearchParams
}

/**
 * Reads a callback's query (RFC 6749, 4.1.2). Repeated, oversized or strange parameters are
 * refused.
 * @throws `callback-malformed`
 */
export const readCallback = (dangerousQuery: string): Callback => {
  const malformed = () => new RecruitOAuthError('callback-malformed')
  if (dangerousQuery.length > longestQuery) throw malformed()
  const all = new URLSearchParams(dangerousQuery)
  for (const name of once) if (all.getAll(name).length > 1) throw malformed()
  const [code, state] = [all.get('code'), all.get('state')]
  if (state === null || !/^[A-Za-z0-9_-]{43}$/.test(state)) throw malformed()
  if ((code === null) === (all.get('error') === null)) throw malformed()
  if (code !== null && (code.length > longestCode || !/^[!-~]+$/.test(code))) throw malformed()
  return { state, dangerousParameters: all }
}

/**
 * The data center that a callback names. `accounts-server` decides, compared as an exact string
 * with the table; a known, different `location` aborts; with neither it is where consent began.
 * What is returned is a key of the table: no address of the callback is ever called.
 * @see https://www.zoho.com/accounts/protocol/oauth/multi-dc/client-authorization.html
 * @throws `data-center-unknown`, `data-center-mismatch`
 */
export const dataCenterOf = (
  { dataCenters, secretsOf }: Configuration,
  dangerousParameters: URLSearchParams,
  began: DataCenterId,
): DataCenterId => {
  const accountsServer = dangerousParameters.get('accounts-server')
  const location = dangerousParameters.get('location')
  const located = location !== null && Object.hasOwn(dataCenters, location) ? location : undefined
  // Two entries can share an accounts server (a sandbox): then it is the one where consent began.
  const told = () =>
    [began, ...Object.keys(dataCenters)].find(
      (id) => dataCenters[id]?.accountsServer === accountsServer,
    )
  const named =
    accountsServer === null ? (located ?? (location === null ? began : undefined)) : told()
  if (named === undefined) throw new RecruitOAuthError('data-center-unknown')
  if (
    located !== undefined &&
    dataCenters[located]?.accountsServer !== dataCenters[named]?.accountsServer
  )
    throw new RecruitOAuthError('data-center-mismatch')
  if (secretsOf(named).length === 0) throw unknownDataCenter(named)
  return named
}
