import { consentKey, type Ledger, type RefreshToken } from './ledger.ts'

/** Ends the access tokens that were made from a refresh token. */
export function endAccessTokensOf(ledger: Ledger, refreshToken: string): void {
  for (const [token, access] of ledger.accessTokens) if (access.refreshToken === refreshToken) ledger.accessTokens.delete(token)
}

/**
 * Ends a refresh token and its access tokens; with the scope `grant`, everything that the user gave the client, so that the
 * next consent is the first again. https://www.zoho.com/accounts/protocol/oauth/revoke-refresh-token.html
 */
export function endRefreshToken(ledger: Ledger, revoked: RefreshToken, scope: 'grant' | 'token'): void {
  ledger.refreshTokens.delete(revoked.token)
  endAccessTokensOf(ledger, revoked.token)
  if (scope === 'token') return
  const key = consentKey(revoked)
  ledger.consents.delete(key)
  for (const tokens of [ledger.refreshTokens, ledger.accessTokens]) {
    for (const [token, grant] of tokens) if (consentKey(grant) === key) tokens.delete(token)
  }
}
