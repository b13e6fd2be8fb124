import type { INestApplication, ModuleMetadata } from '@nestjs/common'
import { Module } from '@nestjs/common'
import { NestFactory, type AbstractHttpAdapter } from '@nestjs/core'
import { createBrowser, createEmulator } from '@zrecruit/oauth-emulator'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { ZohoRecruitModuleOptions } from '../src/index.ts'
import { loadPlatform, type Platform } from './subject/platform.ts'

export const platforms = ['express', 'fastify'] as const

export const redirectUri = 'https://app.example.com/zoho/callback'

/** Starts an emulator, and closes it after the test. */
export const startEmulator = async (redirectUris = [redirectUri]) => {
  const emulator = createEmulator({ redirectUris })
  await emulator.listen({ port: 0 })
  onTestFinished(() => emulator.close())
  return emulator
}

/** Returns options with a `connectionFor` that reads the user's name from the header `x-user`. */
export const optionsFor = (
  emulator: Awaited<ReturnType<typeof startEmulator>>,
  more: Partial<ZohoRecruitModuleOptions> = {},
): ZohoRecruitModuleOptions => ({
  clientId: emulator.client.id,
  clientSecret: emulator.client.secret,
  redirectUri,
  scopes: ['ZohoRecruit.modules.ALL'],
  dataCenters: emulator.dataCenters,
  connectionFor: ({ headers }) =>
    headers['x-user'] === undefined
      ? undefined
      : { id: 'acme', principal: String(headers['x-user']) },
  ...more,
})

interface Start extends ModuleMetadata {
  readonly platform?: Platform
  readonly bodyParser?: boolean
  /** What `main.ts` does before `listen`. */
  readonly main?: (app: INestApplication, adapter: AbstractHttpAdapter) => void
}

/** Starts a Nest app on loopback, and closes it after the test. */
export const startNest = async ({
  platform = 'express',
  bodyParser = true,
  main,
  ...metadata
}: Start) => {
  @Module(metadata)
  class AppModule {}

  const { adapter } = await loadPlatform(platform)
  const app = await NestFactory.create(AppModule, adapter, {
    logger: false,
    abortOnError: false,
    bodyParser,
    forceCloseConnections: true,
  })
  onTestFinished(() => app.close().catch(() => {}))
  main?.(app, adapter)
  await app.listen(0, '127.0.0.1')
  const origin = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`
  const send = (path: string, init: RequestInit = {}) =>
    fetch(origin + path, {
      redirect: 'manual',
      ...init,
      headers: { 'x-user': 'alice', ...(init.headers as Record<string, string> | undefined) },
    })
  return {
    app,
    origin,
    /** Sends a request as alice. */
    send,
    /**
     * Consents as alice, and returns the response of the callback. The callback is sent to this
     * app, even if `redirectUri` has another origin.
     */
    async consent(mount = '/zoho', headers: Record<string, string> = {}) {
      const connectResponse = await send(`${mount}/connect`, { headers })
      const cookie = connectResponse.headers
        .getSetCookie()
        .map((line) => line.split(';')[0])
        .join('; ')
      const browser = createBrowser()
      const consentResponse = await browser.submit(
        await browser.open(connectResponse.headers.get('location') ?? ''),
        { decision: 'approve' },
        { stay: true },
      )
      const { pathname, search } = new URL(consentResponse.headers.get('location') ?? '')
      return send(pathname + search, { headers: { ...headers, cookie } })
    },
  }
}
