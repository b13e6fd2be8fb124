import type { DataCenterId } from './data-centers.ts'
import { BadRequest } from './http/body.ts'
import { randomClientId, randomClientSecret } from './random.ts'

/** The client. It is registered at the first of the emulated data centers. */
export interface Client {
  readonly id: string
  /**
   * The client secret. If each data center has its own, this is the secret of the first data
   * center, where the client is registered.
   */
  readonly secret: string
  /** The secret for each emulated data center. */
  readonly secrets: Readonly<Partial<Record<DataCenterId, string>>>
  /** Whether each data center has its own secret. */
  readonly secretPerDataCenter: boolean
  readonly name: string
  /** Registered redirect URIs; `POST /_emulator/clients` adds to them. */
  readonly redirectUris: readonly string[]
}

interface ClientOptions {
  readonly id: string | undefined
  readonly secret: string | Readonly<Partial<Record<DataCenterId, string>>> | undefined
  readonly name: string
  readonly redirectUris: readonly string[]
}

/**
 * Creates the client. Omitted values are random and look like the samples in Zoho's documentation.
 *
 * @throws {BadRequest} for an invalid value; the message names it
 */
export function createClient(options: ClientOptions, dataCenters: readonly DataCenterId[]): Client {
  const { id = randomClientId(), secret = randomClientSecret() } = options
  checkCharacters('client id', id)
  if (id.includes(':'))
    throw new BadRequest(
      'The client id has a colon, which HTTP Basic does not allow: use letters and digits.',
    )
  const secretPerDataCenter = typeof secret !== 'string'
  const secrets = secretPerDataCenter
    ? secretsPerDataCenter(secret, dataCenters)
    : Object.fromEntries(dataCenters.map((dataCenter) => [dataCenter, secret]))
  for (const value of Object.values(secrets)) checkCharacters('client secret', value)
  const client = {
    id,
    secret: Object.values(secrets)[0] ?? '',
    secrets,
    secretPerDataCenter,
    name: options.name,
    redirectUris: [],
  }
  registerRedirectUris(client, options.redirectUris)
  return client
}

function secretsPerDataCenter(
  secrets: Readonly<Partial<Record<DataCenterId, string>>>,
  dataCenters: readonly DataCenterId[],
): Record<string, string> {
  const names = dataCenters.map((id) => `"${id}"`).join(', ')
  const hint = `set exactly one secret for each of ${names}, or one string for all.`
  const hasUnknown = Object.keys(secrets).some(
    (id) => !dataCenters.some((dataCenter) => dataCenter === id),
  )
  if (hasUnknown)
    throw new BadRequest(`A client secret is set for a data center that is not emulated: ${hint}`)
  return Object.fromEntries(
    dataCenters.map((id) => {
      const secret = secrets[id]
      if (secret === undefined)
        throw new BadRequest(`The client secret of the data center "${id}" is missing: ${hint}`)
      return [id, secret]
    }),
  )
}

function checkCharacters(name: string, value: unknown): void {
  if (typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)) return
  throw new BadRequest(
    `The ${name} is empty or has characters other than printable ASCII: use letters and digits.`,
  )
}

/** `http` or `https`, and then printable ASCII characters without `#`, which begins a fragment. */
const redirectUriPattern = /^https?:\/\/[\x21-\x22\x24-\x7e]+$/

/**
 * Registers more redirect URIs. They must start with http:// or https://
 * (https://www.zoho.com/accounts/protocol/oauth/web-apps/authorization.html). The emulator also
 * requires ASCII characters and no fragment.
 */
export function registerRedirectUris(client: Client, uris: readonly string[]): void {
  const registered = client.redirectUris as string[]
  // Check all URIs first, so that an invalid one registers none.
  for (const uri of uris) {
    if (!redirectUriPattern.test(uri) || !URL.canParse(uri)) {
      const hint = 'use one such as http://localhost:3000/zoho/callback.'
      throw new BadRequest(
        `The redirect URI ${JSON.stringify(uri)} is not an absolute http or https URL ` +
          `without a fragment: ${hint}`,
      )
    }
  }
  for (const uri of uris) if (!registered.includes(uri)) registered.push(uri)
}
