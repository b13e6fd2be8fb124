import type { DataCenterId } from './data-centers.ts'
import { BadRequest } from './http/body.ts'
import { randomClientId, randomClientSecret } from './random.ts'

/** The registered client. */
export interface Client {
  readonly id: string
  /**
   * The secret; when each data center has its own, that of the first, where the client is
   * registered.
   */
  readonly secret: string
  /** The secret at each data center that stands. */
  readonly secrets: Readonly<Partial<Record<DataCenterId, string>>>
  /** Whether each data center has its own secret. */
  readonly secretPerDataCenter: boolean
  readonly name: string
  /** Registered redirect URIs; `POST /_emulator/clients` adds to them. */
  readonly redirectUris: readonly string[]
}

interface Given {
  readonly id: string | undefined
  readonly secret: string | Readonly<Partial<Record<DataCenterId, string>>> | undefined
  readonly name: string
  readonly redirectUris: readonly string[]
}

/**
 * Makes the client; what is not given is random, in the shapes of Zoho's samples. A wrong value is
 * an error that names it.
 */
export function createClient(given: Given, dataCenters: readonly DataCenterId[]): Client {
  const { id = randomClientId(), secret = randomClientSecret() } = given
  checkCharacters('client id', id)
  if (id.includes(':'))
    throw new BadRequest(
      'The client id has a colon, which HTTP Basic cannot carry: use letters and digits.',
    )
  const secretPerDataCenter = typeof secret !== 'string'
  const secrets = secretPerDataCenter
    ? ownSecrets(secret, dataCenters)
    : Object.fromEntries(dataCenters.map((dataCenter) => [dataCenter, secret]))
  for (const one of Object.values(secrets)) checkCharacters('client secret', one)
  const client = {
    id,
    secret: Object.values(secrets)[0] ?? '',
    secrets,
    secretPerDataCenter,
    name: given.name,
    redirectUris: [],
  }
  registerRedirectUris(client, given.redirectUris)
  return client
}

function ownSecrets(
  given: Readonly<Partial<Record<DataCenterId, string>>>,
  dataCenters: readonly DataCenterId[],
): Record<string, string> {
  const cure = `give exactly one for each of ${dataCenters.join(', ')}, or one string for all.`
  const stray = Object.keys(given).some(
    (id) => !dataCenters.some((dataCenter) => dataCenter === id),
  )
  if (stray)
    throw new BadRequest(
      `The client secret is given for a data center that does not stand: ${cure}`,
    )
  return Object.fromEntries(
    dataCenters.map((id) => {
      const secret = given[id]
      if (secret === undefined)
        throw new BadRequest(`The client secret of the data center ${id} is missing: ${cure}`)
      return [id, secret]
    }),
  )
}

function checkCharacters(what: string, value: unknown): void {
  if (typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)) return
  throw new BadRequest(
    `The ${what} is empty or has other than printable ASCII characters: use letters and digits.`,
  )
}

/**
 * Adds redirect URIs to the registered ones. They start with http:// or https://
 * (https://www.zoho.com/accounts/protocol/oauth/web-apps/authorization.html) and, for the emulator,
 * are ASCII without a fragment.
 */
export function registerRedirectUris(client: Client, uris: readonly string[]): void {
  const registered = client.redirectUris as string[]
  for (const uri of uris) {
    if (!/^https?:\/\/[\x21-\x22\x24-\x7e]+$/.test(uri) || !URL.canParse(uri)) {
      const cure = 'use one such as http://localhost:3000/zoho/callback.'
      throw new BadRequest(
        `The redirect URI ${JSON.stringify(uri)} is not an absolute http or https URL ` +
          `without a fragment: ${cure}`,
      )
    }
  }
  for (const uri of uris) if (!registered.includes(uri)) registered.push(uri)
}
