import { isValidOption, RecruitOAuthError, Secret, type DataCenterId } from '@zrecruit/oauth-core'

/** The environment variables of a client, as `zohoEnvironment` returns them. */
export interface ZohoEnvironment {
  /** Option `clientId`. */
  readonly ZOHO_CLIENT_ID: string
  /** Option `clientSecret`. */
  readonly ZOHO_CLIENT_SECRET: Secret
  /** Option `redirectUri`. */
  readonly ZOHO_REDIRECT_URI: string
  /** Option `encryptionKeys`. The variable contains one key, or several with commas between. */
  readonly ZOHO_ENCRYPTION_KEY: readonly Secret[]
  /** Option `dataCenter`. Optional. */
  readonly ZOHO_DATA_CENTER?: DataCenterId
}

interface Issue {
  readonly message: string
  readonly path: readonly string[]
}
type Result<Output> =
  { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly Issue[] }

/** A Standard Schema, version 1. @see https://standardschema.dev */
export interface StandardSchema<Input, Output> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => Result<Output>
    readonly types?: { readonly input: Input; readonly output: Output }
  }
}

/** The environment before it was checked: strings, and other variables. */
export type RawEnvironment = Readonly<Record<string, unknown>>

/**
 * A Standard Schema for the environment variables of a client. For `@nestjs/config` 12:
 * `ConfigModule.forRoot({ validationSchema: zohoEnvironment })`. Other variables are ignored.
 * Messages contain no values.
 */
export const zohoEnvironment: StandardSchema<RawEnvironment, ZohoEnvironment> = {
  '~standard': {
    version: 1,
    vendor: '@zrecruit/oauth-nestjs',
    validate: (value) => validate(value),
  },
}

/**
 * Does the same without `@nestjs/config`, or in its option `validate` beside another schema:
 * `validate: (env) => ({ ...env, ...parseZohoEnvironment(env) })`.
 * @throws `configuration-invalid`, with all problems
 */
export const parseZohoEnvironment = (environment: RawEnvironment): ZohoEnvironment => {
  const result = validate(environment)
  if (result.issues === undefined) return result.value
  const problems = result.issues.map(({ path, message }) => [...path, message].join(' '))
  throw new RecruitOAuthError('configuration-invalid', {
    summary: `Environment variables are missing or invalid: ${problems.join('; ')}.`,
    hint: 'Set them where the app starts, or in the file that it reads.',
  })
}

interface Variable<T> {
  /** What to set, for the message. */
  readonly wanted: string
  /** `undefined`: the value is invalid. */
  readonly parse: (text: string) => T | undefined
  readonly isOptional?: boolean
}

const variables: { readonly [Name in keyof ZohoEnvironment]-?: Variable<ZohoEnvironment[Name]> } = {
  ZOHO_CLIENT_ID: {
    wanted: "the client id from Zoho's API console",
    parse: (text) => (isValidOption('clientId', text) ? text : undefined),
  },
  ZOHO_CLIENT_SECRET: {
    wanted: "the client secret from Zoho's API console",
    parse: (text) => (isValidOption('clientSecret', text) ? new Secret(text) : undefined),
  },
  ZOHO_REDIRECT_URI: {
    wanted:
      "the redirect URI, as in Zoho's API console: https, or http for localhost, for example " +
      'https://app.example.com/zoho/callback',
    parse: (text) => (isValidOption('redirectUri', text) ? text : undefined),
  },
  ZOHO_ENCRYPTION_KEY: {
    wanted:
      'a key from `openssl rand -base64 32`, or several of them with commas between, the current ' +
      'one first',
    parse: (text) => {
      const keys = text.split(',').map((key) => key.trim())
      return isValidOption('encryptionKeys', keys) ? keys.map((key) => new Secret(key)) : undefined
    },
  },
  ZOHO_DATA_CENTER: {
    wanted: 'the id of a data center, for example `us`, `eu`, `in` or `cn`',
    parse: (text) => (/^[a-z0-9-]{1,16}$/.test(text) ? text : undefined),
    isOptional: true,
  },
}

const validate = (dangerousValue: unknown): Result<ZohoEnvironment> => {
  if (typeof dangerousValue !== 'object' || dangerousValue === null)
    return { issues: [{ message: 'must be an object with the environment variables', path: [] }] }
  const environment = dangerousValue as RawEnvironment
  const issues: Issue[] = []
  const value: Record<string, unknown> = {}
  for (const [name, { wanted, parse, isOptional = false }] of Object.entries(variables)) {
    const text = environment[name]
    const isMissing = text === undefined || text === ''
    if (isMissing && isOptional) continue
    const parsed = typeof text === 'string' && text !== '' ? parse(text) : undefined
    if (parsed !== undefined) value[name] = parsed
    else
      issues.push({
        message: `${isMissing ? 'is missing' : 'is invalid'}: ${wanted}`,
        path: [name],
      })
  }
  return issues.length > 0 ? { issues } : { value: value as unknown as ZohoEnvironment }
}
