import type { DataCenterId } from '../../domain/data-centers.ts'
import type { AccessToken, ConnectionId } from '../../domain/record.ts'
import { maxAccessTokenMs, type EpochMs } from '../../domain/time.ts'
import type { TokenResponse } from '../../endpoints/outcome.ts'
import { randomId, type ClientContext } from '../context.ts'

/**
 * The access token of a token response, with instants in store time. Its lifetime begins when the
 * request was sent, not when the response arrived.
 */
export const toAccessToken = (
  client: ClientContext,
  { accessToken, expiresInMs }: Pick<TokenResponse, 'accessToken' | 'expiresInMs'>,
  sentAt: EpochMs,
): AccessToken => ({
  id: randomId(client),
  token: accessToken,
  issuedAt: sentAt,
  expiresAt: sentAt + Math.min(expiresInMs, maxAccessTokenMs),
})

/** Reports an `api_domain` other than the data center's. It is stored, but never called. */
export const checkApiDomain = (
  { config }: ClientContext,
  id: ConnectionId,
  dataCenter: DataCenterId,
  apiDomain: string | undefined,
): void => {
  const expected = config.dataCenters[dataCenter]?.apiDomain
  if (apiDomain !== undefined && apiDomain !== expected)
    config.onEvent({ type: 'api-domain-unexpected', connection: id })
}
