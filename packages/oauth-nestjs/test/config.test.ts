import { ConfigModule, ConfigService } from '@nestjs/config'
import { inspect } from 'node:util'
import { describe, expect, expectTypeOf, it, onTestFinished } from 'vitest'
import {
  parseZohoEnvironment,
  zohoEnvironment,
  type StandardSchema,
  type ZohoEnvironment,
} from '../src/config.ts'
import { ZohoRecruitModule, type Secret } from '../src/index.ts'
import { optionsFor, startEmulator, startNest } from './start-nest.ts'

const key = Buffer.alloc(32, 7).toString('base64')
const formerKey = Buffer.alloc(32, 250).toString('base64url')

const environment = {
  ZOHO_CLIENT_ID: '1000.ABC',
  ZOHO_CLIENT_SECRET: 'the-client-secret',
  ZOHO_REDIRECT_URI: 'https://app.example.com/zoho/callback',
  ZOHO_ENCRYPTION_KEY: key,
}

const issuesOf = (value: unknown) => {
  const { issues = [] } = zohoEnvironment['~standard'].validate(value)
  return issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

describe('the schema', () => {
  it('is a Standard Schema of version 1, with types', () => {
    const { version, vendor } = zohoEnvironment['~standard']
    expect([version, vendor]).toEqual([1, '@zrecruit/oauth-nestjs'])
    expectTypeOf(zohoEnvironment).toEqualTypeOf<
      StandardSchema<Readonly<Record<string, unknown>>, ZohoEnvironment>
    >()
  })

  it('returns the values in the form of the options, and nothing else', () => {
    const value = parseZohoEnvironment({
      ...environment,
      ZOHO_ENCRYPTION_KEY: `${key}, ${formerKey}`,
      ZOHO_DATA_CENTER: 'eu',
      PATH: '/bin',
    })
    expect(Object.keys(value)).toEqual([
      'ZOHO_CLIENT_ID',
      'ZOHO_CLIENT_SECRET',
      'ZOHO_REDIRECT_URI',
      'ZOHO_ENCRYPTION_KEY',
      'ZOHO_DATA_CENTER',
    ])
    expect([value.ZOHO_CLIENT_ID, value.ZOHO_REDIRECT_URI, value.ZOHO_DATA_CENTER]).toEqual([
      '1000.ABC',
      'https://app.example.com/zoho/callback',
      'eu',
    ])
    expect(value.ZOHO_CLIENT_SECRET.reveal()).toBe('the-client-secret')
    expect(value.ZOHO_ENCRYPTION_KEY.map((each) => each.reveal())).toEqual([key, formerKey])
    expect(inspect(value)).not.toContain('the-client-secret')
    expect(JSON.stringify(value)).not.toContain(key)
  })

  it('names each variable that is missing, and how to get it', () => {
    expect(issuesOf({})).toEqual([
      "ZOHO_CLIENT_ID: is missing: the client id from Zoho's API console",
      "ZOHO_CLIENT_SECRET: is missing: the client secret from Zoho's API console",
      expect.stringMatching(/^ZOHO_REDIRECT_URI: is missing: .*https:\/\/app\.example\.com/),
      expect.stringMatching(/^ZOHO_ENCRYPTION_KEY: is missing: .*openssl rand -base64 32/),
    ])
    expect(issuesOf({ ...environment, ZOHO_CLIENT_SECRET: '' })).toHaveLength(1)
    expect(issuesOf({ ...environment, ZOHO_DATA_CENTER: '' })).toEqual([])
    for (const value of [undefined, null, 'text', 0])
      expect(issuesOf(value)).toEqual([': must be an object with the environment variables'])
  })

  it.each<[string, unknown]>([
    ['ZOHO_CLIENT_ID', 'secret value'],
    ['ZOHO_CLIENT_ID', 'secret:value'],
    ['ZOHO_CLIENT_ID', 7],
    ['ZOHO_CLIENT_SECRET', 'secret\nvalue'],
    ['ZOHO_CLIENT_SECRET', 's'.repeat(513)],
    ['ZOHO_REDIRECT_URI', 'secret'],
    ['ZOHO_REDIRECT_URI', 'http://secret.example/zoho/callback'],
    ['ZOHO_REDIRECT_URI', 'https://user:secret@app.example.com/zoho/callback'],
    ['ZOHO_REDIRECT_URI', 'https://app.example.com/zoho/callback?secret'],
    ['ZOHO_ENCRYPTION_KEY', 'secret'],
    ['ZOHO_ENCRYPTION_KEY', `${key},secret`],
    ['ZOHO_ENCRYPTION_KEY', `${key},`],
    ['ZOHO_ENCRYPTION_KEY', Buffer.alloc(16).toString('base64')],
    ['ZOHO_DATA_CENTER', 'secret value'],
  ])('names %s if it is invalid, and does not quote it', (name, value) => {
    const [issue, ...others] = issuesOf({ ...environment, [name]: value })
    expect(others).toEqual([])
    expect(issue).toMatch(new RegExp(`^${name}: is invalid: `))
    expect(() => parseZohoEnvironment({ ...environment, [name]: value })).toThrow(
      `${name} is invalid`,
    )
    for (const text of [issue, messageOf({ ...environment, [name]: value })]) {
      expect(text?.replaceAll('the client secret', '')).not.toContain('secret')
      expect(text).not.toContain(String(value))
      expect(text).not.toContain(key)
    }
  })

  it('refuses what the module would refuse when the app starts', () => {
    const refused: [string, string][] = [
      ['ZOHO_REDIRECT_URI', 'https://app.example.com'],
      ['ZOHO_REDIRECT_URI', 'https://app.example.com/zoho/connect'],
      ['ZOHO_REDIRECT_URI', 'http://localhost.evil.example/zoho/callback'],
      ['ZOHO_CLIENT_ID', 'a:b'],
    ]
    for (const [name, value] of refused)
      expect(issuesOf({ ...environment, [name]: value })).toHaveLength(1)
  })

  it('accepts http for this machine', () => {
    for (const host of ['localhost:3000', 'acme.localhost:3000', '127.0.0.1:3000', '[::1]:3000'])
      expect(
        issuesOf({ ...environment, ZOHO_REDIRECT_URI: `http://${host}/zoho/callback` }),
      ).toEqual([])
  })
})

const messageOf = (value: Record<string, unknown>): string => {
  try {
    parseZohoEnvironment(value)
  } catch (error) {
    return (error as Error).message
  }
  return ''
}

describe('with @nestjs/config', () => {
  /** Sets the variables of the process during a test. */
  const setEnvironment = (values: Readonly<Record<string, string>>) => {
    const before = { ...process.env }
    Object.assign(process.env, values)
    onTestFinished(() => {
      for (const name of Object.keys(values)) delete process.env[name]
      Object.assign(process.env, before)
    })
  }

  it.each<[string, () => ReturnType<typeof ConfigModule.forRoot>]>([
    [
      'validationSchema',
      () => ConfigModule.forRoot({ ignoreEnvFile: true, validationSchema: zohoEnvironment }),
    ],
    [
      'validate',
      () =>
        ConfigModule.forRoot({
          ignoreEnvFile: true,
          validate: (env) => ({ ...env, ...parseZohoEnvironment(env) }),
        }),
    ],
  ])('an app gets its options from ConfigService: %s', async (_, createConfigModule) => {
    const emulator = await startEmulator()
    setEnvironment({
      ...environment,
      ZOHO_CLIENT_ID: emulator.client.id,
      ZOHO_CLIENT_SECRET: emulator.client.secret,
      ZOHO_ENCRYPTION_KEY: `${key},${formerKey}`,
    })
    let secret: unknown
    const zoho = ZohoRecruitModule.forRootAsync({
      imports: [createConfigModule()],
      inject: [ConfigService],
      useFactory: (config: ConfigService<ZohoEnvironment, true>) => {
        secret = config.get('ZOHO_CLIENT_SECRET', { infer: true })
        expectTypeOf(config.get('ZOHO_CLIENT_SECRET', { infer: true })).toEqualTypeOf<Secret>()
        return {
          ...optionsFor(emulator),
          clientId: config.get('ZOHO_CLIENT_ID', { infer: true }),
          clientSecret: config.get('ZOHO_CLIENT_SECRET', { infer: true }),
          redirectUri: config.get('ZOHO_REDIRECT_URI', { infer: true }),
          encryptionKeys: config.get('ZOHO_ENCRYPTION_KEY', { infer: true }),
        }
      },
    })
    const { consent } = await startNest({ imports: [zoho] })
    expect((await consent()).headers.get('location')).toBe('/')
    expect(String(secret)).toBe('[secret]')
  })

  it('the app does not start without the variables, and Nest’s error names them', async () => {
    setEnvironment({ ZOHO_CLIENT_SECRET: 'not valid' })
    await expect(
      ConfigModule.forRoot({ ignoreEnvFile: true, validationSchema: zohoEnvironment }),
    ).rejects.toThrow(
      /Config validation error: ZOHO_CLIENT_ID: is missing: .*\nZOHO_CLIENT_SECRET: is invalid: /,
    )
  })
})
