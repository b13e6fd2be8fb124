import type { EpochMs } from '../clock.ts'
import type { DataCenterId } from '../data-centers.ts'
import type { AccessToken, AuthorizationCode, Ledger, RefreshToken } from './ledger.ts'

/** A valid code of this data center. Other data centers do not know it. */
export function findCode(
  ledger: Ledger,
  code: string,
  dataCenter: DataCenterId,
  now: EpochMs,
): AuthorizationCode | undefined {
  const found = ledger.codes.get(code)
  return found !== undefined && found.dataCenter === dataCenter && now < found.expiresAt
    ? found
    : undefined
}

/** A valid refresh token of this data center. */
export function findRefreshToken(
  ledger: Ledger,
  token: string,
  dataCenter: DataCenterId,
): RefreshToken | undefined {
  const found = ledger.refreshTokens.get(token)
  return found?.dataCenter === dataCenter ? found : undefined
}

/** A valid access token of this data center. */
export function findAccessToken(
  ledger: Ledger,
  token: string,
  dataCenter: DataCenterId,
  now: EpochMs,
): AccessToken | undefined {
  const found = ledger.accessTokens.get(token)
  return found !== undefined && found.dataCenter === dataCenter && now < found.expiresAt
    ? found
    : undefined
}
