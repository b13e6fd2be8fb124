import type { CodeChallenge } from '../ledger/ledger.ts'

/**
 * Whether a PKCE verifier matches the challenge of the authorization request (RFC 7636 section
 * 4.6). Without a challenge every verifier is accepted. It is unverified that Zoho does
 * this for server-based clients.
 * https://www.zoho.com/accounts/protocol/oauth/mobile-and-desktop-apps/get-access-token.html
 */
export async function isVerified(
  challenge: CodeChallenge | undefined,
  verifier: string | undefined,
): Promise<boolean> {
  if (challenge === undefined) return true
  if (verifier === undefined) return false
  return (
    challenge.value === (challenge.method === 'plain' ? verifier : await sha256Base64Url(verifier))
  )
}

async function sha256Base64Url(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  const base64 = btoa(String.fromCharCode(...new Uint8Array(digest)))
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
