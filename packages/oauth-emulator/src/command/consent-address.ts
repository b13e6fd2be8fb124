import type { Client } from '../client.ts'

/** The URL of an authorization request, to try the consent page without an app. */
export function consentAddress(
  accountsServer: string,
  client: Pick<Client, 'id' | 'redirectUris'>,
): string {
  const query = new URLSearchParams({
    scope: 'ZohoRecruit.modules.ALL',
    client_id: client.id,
    response_type: 'code',
    access_type: 'offline',
    redirect_uri: client.redirectUris[0] ?? '',
    prompt: 'consent',
    state: 'try-me',
  })
  return `${accountsServer}/oauth/v2/auth?${query.toString()}`
}
