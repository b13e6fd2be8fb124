import type { DataCenterId, DataCenters } from '../domain/data-centers.ts'
import { isSecret, Secret } from '../domain/secret.ts'
import { invalidOption } from './invalid-option.ts'
import type { ClientSecret, RecruitOAuthOptions } from './options.ts'

const hint = "copy it from Zoho's API console"

/** A colon would end the id in Basic authentication (RFC 7617, 2). */
export const parseClientId = (value: string): string => {
  if (parseVisible('clientId', value).includes(':'))
    throw invalidOption('clientId', `has a colon: ${hint}`)
  return value
}

const parseSecret = (option: string, value: ClientSecret | undefined): readonly Secret[] => {
  const list = Array.isArray(value) ? value : [value]
  if (list.length > 2) throw invalidOption(option, 'must be one secret, or [current, former]')
  return list.map((one) => new Secret(parseVisible(option, one)))
}

/** The secrets of each data center, the current one first; none where none was given. */
export const parseSecrets = (
  value: RecruitOAuthOptions['clientSecret'],
  dataCenters: DataCenters,
): ((dataCenter: DataCenterId) => readonly Secret[]) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isSecret(value)) {
    const secrets = parseSecret('clientSecret', value as ClientSecret)
    return () => secrets
  }
  const table = new Map<DataCenterId, readonly Secret[]>()
  for (const [id, secret] of Object.entries(value)) {
    if (!Object.hasOwn(dataCenters, id))
      // Unnamed: it may be a secret that took the wrong place.
      throw invalidOption('clientSecret', 'names a data center that is not in `dataCenters`')
    table.set(id, parseSecret(`clientSecret.${id}`, secret))
  }
  return (id) => table.get(id) ?? []
}

const parseVisible = (option: string, value: unknown): string => {
  const text = isSecret(value) ? value.reveal() : value
  if (typeof text !== 'string' || text === '') throw invalidOption(option, `is missing: ${hint}`)
  if (!/^[!-~]{1,512}$/.test(text)) throw invalidOption(option, `has strange characters: ${hint}`)
  return text
}
