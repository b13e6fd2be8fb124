import { BadRequest } from './http/body.ts'
import { randomClientId, randomClientSecret } from './random.ts'

/** The registered client. */
export interface Client {
  readonly id: string
  readonly secret: string
  readonly name: string
  /** Registered redirect URIs; `POST /_emulator/clients` adds to them. */
  readonly redirectUris: readonly string[]
}

interface Given {
  readonly id: string | undefined
  readonly secret: string | undefined
  readonly name: string
  readonly redirectUris: readonly string[]
}

/** Makes the client; what is not given is random, in the shapes of Zoho's samples. A wrong value is an error that names it. */
export function createClient(given: Given): Client {
  const { id = randomClientId(), secret = randomClientSecret() } = given
  for (const [what, value] of Object.entries({ 'client id': id, 'client secret': secret })) {
    if (/^[\x21-\x7e]+$/.test(value)) continue
    throw new BadRequest(`The ${what} is empty or has other than printable ASCII characters: use letters and digits.`)
  }
  if (id.includes(':')) throw new BadRequest('The client id has a colon, which HTTP Basic cannot carry: use letters and digits.')
  const client = { id, secret, name: given.name, redirectUris: [] }
  registerRedirectUris(client, given.redirectUris)
  return client
}

/**
 * Adds redirect URIs to the registered ones. They start with http:// or https://
 * (https://www.zoho.com/accounts/protocol/oauth/web-apps/authorization.html) and, for the emulator, are ASCII without a fragment.
 */
export function registerRedirectUris(client: Client, uris: readonly string[]): void {
  const registered = client.redirectUris as string[]
  for (const uri of uris) {
    if (!/^https?:\/\/[\x21-\x22\x24-\x7e]+$/.test(uri) || !URL.canParse(uri)) {
      const cure = 'use one such as http://localhost:3000/zoho/callback.'
      throw new BadRequest(`The redirect URI ${JSON.stringify(uri)} is not an absolute http or https URL without a fragment: ${cure}`)
    }
  }
  for (const uri of uris) if (!registered.includes(uri)) registered.push(uri)
}
