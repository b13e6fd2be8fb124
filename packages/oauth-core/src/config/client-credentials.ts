import type { DataCenterId, DataCenters } from '../domain/data-centers.ts'
import { isSecret, Secret } from '../domain/secret.ts'
import { invalidOption } from './invalid-option.ts'
import type { ClientSecret, RecruitOAuthOptions } from './options.ts'

const hint = "copy it from Zoho's API console"

/**
 * A colon is refused, because it would end the id in Basic authentication (RFC 7617, 2).
 * @throws `configuration-invalid`
 */
export const parseClientId = (value: string): string => {
  if (parseVisibleAscii('clientId', value).includes(':'))
    throw invalidOption('clientId', `has a colon: ${hint}`)
  return value
}

const parseSecretList = (option: string, value: ClientSecret | undefined): readonly Secret[] => {
  const list = Array.isArray(value) ? value : [value]
  if (list.length > 2) throw invalidOption(option, 'must be one secret, or [current, former]')
  return list.map((secret) => new Secret(parseVisibleAscii(option, secret)))
}

/**
 * Returns a function that gives the secrets of a data center, the current one first. Its result is
 * empty for a data center without a secret.
 * @throws `configuration-invalid`
 */
export const parseSecrets = (
  value: RecruitOAuthOptions['clientSecret'],
  dataCenters: DataCenters,
): ((dataCenter: DataCenterId) => readonly Secret[]) => {
  const isTable =
    typeof value === 'object' && value !== null && !Array.isArray(value) && !isSecret(value)
  if (!isTable) {
    const secrets = parseSecretList('clientSecret', value as ClientSecret)
    return () => secrets
  }
  const table = new Map<DataCenterId, readonly Secret[]>()
  for (const [id, secret] of Object.entries(value)) {
    if (!Object.hasOwn(dataCenters, id))
      // The message does not quote the key, because the app may have swapped key and secret.
      throw invalidOption('clientSecret', 'has a data center that is not in `dataCenters`')
    table.set(id, parseSecretList(`clientSecret.${id}`, secret))
  }
  return (id) => table.get(id) ?? []
}

/** Returns a string of 1 to 512 visible ASCII characters. @throws `configuration-invalid` */
const parseVisibleAscii = (option: string, value: unknown): string => {
  const text = isSecret(value) ? value.reveal() : value
  if (typeof text !== 'string' || text === '') throw invalidOption(option, `is missing: ${hint}`)
  if (!/^[!-~]{1,512}$/.test(text)) throw invalidOption(option, `has invalid characters: ${hint}`)
  return text
}
