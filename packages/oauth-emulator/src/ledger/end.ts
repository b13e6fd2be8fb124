import { consentKey, type Grant, type Ledger, type RefreshToken } from './ledger.ts'

/** Ends the access tokens that were made from a refresh token. */
export function endAccessTokensOf(ledger: Ledger, refreshToken: string): void {
  for (const [token, access] of ledger.accessTokens) if (access.refreshToken === refreshToken) ledger.accessTokens.delete(token)
}

/**
 * Ends a refresh token and its access tokens; with the scope `grant`, everything that the user gave the client.
 * https://www.zoho.com/accounts/protocol/oauth/revoke-refresh-token.html
 */
export function endRefreshToken(ledger: Ledger, revoked: RefreshToken, scope: 'grant' | 'token'): void {
  ledger.refreshTokens.delete(revoked.token)
  endAccessTokensOf(ledger, revoked.token)
  if (scope === 'grant') endGrant(ledger, revoked)
}

/** Ends everything that a user gave a client, codes too (strictest), so that the next consent is the first again. */
export function endGrant(ledger: Ledger, grant: Pick<Grant, 'clientId' | 'userId'>): void {
  const key = consentKey(grant)
  ledger.consents.delete(key)
  for (const issued of [ledger.codes, ledger.refreshTokens, ledger.accessTokens]) {
    for (const [name, other] of issued) if (consentKey(other) === key) issued.delete(name)
  }
}
