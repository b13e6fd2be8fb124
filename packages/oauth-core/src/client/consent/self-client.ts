import { invalidArgument, validateScopes } from '../../config/invalid-option.ts'
import type { ConnectionRef } from '../../config/options.ts'
import type { DataCenterId } from '../../domain/data-centers.ts'
import type { Secret } from '../../domain/secret.ts'
import { timeBudget } from '../../domain/time.ts'
import { errorCodes, type ErrorCode } from '../../errors/codes.ts'
import {
  isRecruitOAuthError,
  RecruitOAuthError,
  type ErrorDetails,
} from '../../errors/recruit-oauth-error.ts'
import { requestTokens } from '../../endpoints/token.ts'
import { sha256 } from '../../internal/crypto.ts'
import { validateId, endpointCall, type ClientContext } from '../context.ts'
import { exchangeAndStore } from './exchange.ts'

/**
 * Exchanges a code that was generated for a Self Client in Zoho's API console. `ref.dataCenter` is
 * the data center where the code was generated.
 * @see https://www.zoho.com/accounts/protocol/oauth/self-client/overview.html
 */
export const completeWithSelfClientCode = async (
  client: ClientContext,
  ref: ConnectionRef & { readonly dataCenter: DataCenterId },
  code: Secret,
  dangerousScopes: readonly string[],
): Promise<void> => {
  const connection = validateId('id', ref.id)
  const principal = validateId('principal', ref.principal)
  const call = endpointCall(client, ref.dataCenter, timeBudget.refreshMs)
  if (!/^[!-~]{1,2048}$/.test(code.reveal()))
    throw invalidArgument('code', 'is not an authorization code')
  const scopes = validateScopes(dangerousScopes, invalidArgument)
  const sendCode = () => requestTokens(call, { type: 'self_client_code', code })
  // A Self Client code has no OAuth state. The hash of the code identifies the attempt instead, so
  // that the code is not sent twice.
  const stateHash = await sha256(code.reveal())
  const { dataCenter } = ref
  const attempt = { connection, principal, dataCenter, scopes, stateHash, isSelfClient: true }
  try {
    await exchangeAndStore(client, sendCode, attempt)
  } catch (error) {
    throw isRecruitOAuthError(error) ? withSelfClientHint(error) : error
  }
}

const createCode = "create a new code in Zoho's API console, and pass its `dataCenter`."
const onlyHint = "Create a new code in Zoho's API console, and pass its `dataCenter`."

/** What to do after an error, where a user with a browser would start again from /connect. */
const selfClientHints: Readonly<Partial<Record<ErrorCode, string>>> = {
  'account-switched': 'Create the code as the user who was connected, or revoke the connection.',
  'grant-not-stored': `Repair the store, then ${createCode}`,
  'grant-outcome-unknown': `Wait a minute. If the connection does not work by then, ${createCode}`,
}

/** The error with a hint that fits a connection without a browser. */
export const withSelfClientHint = (error: RecruitOAuthError): RecruitOAuthError => {
  const { code, remedy } = error
  if (remedy !== 'ask-consent') return error
  const isTemporary = errorCodes[code].remedy === 'retry'
  const hint = isTemporary ? `Wait some minutes, then ${createCode}` : onlyHint
  return new RecruitOAuthError(code, {
    ...(error as ErrorDetails),
    ...(code === 'callback-replayed' && { summary: 'This code was used already.' }),
    hint: selfClientHints[code] ?? hint,
  })
}
