import type { DataCenterId } from '../../domain/data-centers.ts'
import type { AccessToken, ConnectionId } from '../../domain/record.ts'
import { maxAccessTokenMs, type EpochMs } from '../../domain/time.ts'
import type { TokenAnswer } from '../../endpoints/outcome.ts'
import { randomId, type ClientContext } from '../context.ts'

/**
 * What a token answer says of an access token, in store time: it lives from when it was asked for,
 * not from when the answer came.
 */
export const tokenSetFacts = (
  client: ClientContext,
  answer: Omit<TokenAnswer, 'refreshToken'>,
  sentAt: EpochMs,
) => {
  const accessToken: AccessToken = {
    id: randomId(client),
    token: answer.accessToken,
    issuedAt: sentAt,
    expiresAt: sentAt + Math.min(answer.expiresInMs, maxAccessTokenMs),
  }
  return { accessToken, apiDomain: answer.apiDomain }
}

/** Zoho's `api_domain` is kept and never called; another one than expected is worth knowing. */
export const noteApiDomain = (
  { config }: ClientContext,
  id: ConnectionId,
  dataCenter: DataCenterId,
  apiDomain: string | undefined,
): void => {
  if (apiDomain !== undefined && apiDomain !== config.dataCenters[dataCenter]?.apiDomain)
    config.onEvent({ type: 'api-domain-unexpected', connection: id })
}
