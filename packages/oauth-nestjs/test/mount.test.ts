import { Module, VersioningType } from '@nestjs/common'
import { NestFactory, RouterModule } from '@nestjs/core'
import nest from '@nestjs/core/package.json' with { type: 'json' }
import { describe, expect, it } from 'vitest'
import { getZohoRecruitToken, ZohoRecruitModule, type ZohoRecruit } from '../src/index.ts'
import { optionsFor, platforms, redirectUri, startEmulator, startNest } from './start-nest.ts'

it('the tests run on the intended version of Nest', () => {
  expect(nest.version.split('.')[0]).toBe(process.env['NEST'] ?? '12')
})

describe.each(platforms)('the routes, on %s', (platform) => {
  /** Takes the settings of the module, and then what `main.ts` does. */
  const startWith =
    (uri: string, more: object = {}) =>
    async (main: Parameters<typeof startNest>[0]['main']) => {
      const emulator = await startEmulator([uri])
      return startNest({
        platform,
        imports: [
          ZohoRecruitModule.forRoot({ ...optionsFor(emulator, { redirectUri: uri }), ...more }),
        ],
        ...(main && { main }),
      })
    }
  const statusAt = async (started: Promise<Awaited<ReturnType<typeof startNest>>>, path: string) =>
    (await (await started).send(path)).status

  it('are at `path`, with the last segment of `redirectUri` as the callback', async () => {
    const { consent } = await startWith('https://app.example.com/integrations/recruit/return', {
      path: 'integrations/recruit',
    })(undefined)
    expect((await consent('/integrations/recruit')).headers.get('location')).toBe('/')
  })

  it('follow the app’s global prefix', async () => {
    const { consent } = await startWith('https://app.example.com/api/zoho/callback')(
      (app) => void app.setGlobalPrefix('api'),
    )
    expect((await consent('/api/zoho')).headers.get('location')).toBe('/')
  })

  it('may be excluded from the global prefix', async () => {
    expect(
      await statusAt(
        startWith(redirectUri)(
          (app) => void app.setGlobalPrefix('api', { exclude: ['zoho/{*path}'] }),
        ),
        '/zoho/connect',
      ),
    ).toBe(303)
  })

  it('have no version, even if other controllers have one', async () => {
    expect(
      await statusAt(
        startWith(redirectUri)(
          (app) => void app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' }),
        ),
        '/zoho/connect',
      ),
    ).toBe(303)
    expect(
      await statusAt(
        startWith(redirectUri)(
          (app) =>
            void app.enableVersioning({
              type: VersioningType.HEADER,
              header: 'x-version',
              defaultVersion: '1',
            }),
        ),
        '/zoho/connect',
      ),
    ).toBe(303)
    expect(
      await statusAt(
        startWith('https://app.example.com/api/zoho/callback')(
          (app) => void app.setGlobalPrefix('api').enableVersioning(),
        ),
        '/api/zoho/connect',
      ),
    ).toBe(303)
  })

  it('are at `mountPath` behind a proxy that strips a prefix', async () => {
    expect(
      await statusAt(
        startWith('https://app.example.com/tenant/zoho/callback', { mountPath: '/zoho' })(
          undefined,
        ),
        '/zoho/connect',
      ),
    ).toBe(303)
    expect(
      await statusAt(
        startWith('https://app.example.com/zoho/callback', { mountPath: '/', path: '/' })(
          undefined,
        ),
        '/connect',
      ),
    ).toBe(303)
  })

  it.each<[string, string, object, Parameters<typeof startNest>[0]['main'], RegExp]>([
    [
      'another path',
      redirectUri,
      { path: 'auth' },
      undefined,
      /routes are \/zoho\/connect, .*Correct the module's `path`.*\(here: none\)/,
    ],
    [
      'a global prefix',
      redirectUri,
      {},
      (app) => void app.setGlobalPrefix('api'),
      /`path`\. The app's global prefix \(here: api\) comes before it/,
    ],
    [
      'a global prefix from which the callback alone is excluded',
      redirectUri,
      {},
      (app) => void app.setGlobalPrefix('api', { exclude: ['zoho/callback'] }),
      /\(here: api\)/,
    ],
    [
      'no global prefix',
      'https://app.example.com/api/zoho/callback',
      {},
      undefined,
      /routes are \/api\/zoho\/connect/,
    ],
  ])(
    'make the app fail at start when `redirectUri` contradicts %s',
    async (_, uri, more, main, message) => {
      await expect(startWith(uri, more)(main)).rejects.toMatchObject({
        code: 'configuration-invalid',
        message: expect.stringMatching(message),
      })
    },
  )

  it('make the app fail at start when a RouterModule moves them', async () => {
    const emulator = await startEmulator()
    const imports = [
      ZohoRecruitModule.forRoot(optionsFor(emulator)),
      RouterModule.register([{ path: 'moved', module: ZohoRecruitModule }]),
    ]
    await expect(startNest({ platform, imports })).rejects.toMatchObject({
      code: 'configuration-invalid',
    })
  })
})

it('a worker without a server can inject the client', async () => {
  const emulator = await startEmulator()
  @Module({ imports: [ZohoRecruitModule.forRoot({ ...optionsFor(emulator), path: 'elsewhere' })] })
  class WorkerModule {}
  const worker = await NestFactory.createApplicationContext(WorkerModule, { logger: false })
  expect(
    await worker.get<ZohoRecruit>(getZohoRecruitToken()).connection('acme').status(),
  ).toMatchObject({ status: 'none' })
  await worker.close()
})
