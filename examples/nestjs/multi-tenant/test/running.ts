import { startExampleApp, type ExampleApp } from '@zrecruit-examples/hono-minimal/test/example-app'
import { createBrowser, createEmulator } from '@zrecruit/oauth-emulator'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll } from 'vitest'

// tsx reads how decorators are meant from the tsconfig.json of the folder that it is started in, as
// `pnpm start` is.
const argv = [
  '/bin/sh',
  '-c',
  'cd "$0" && exec "$@"',
  fileURLToPath(new URL('..', import.meta.url)),
  process.execPath,
  '--conditions=@zrecruit/source',
  '--import',
  'tsx',
  'src/server.ts',
]

/**
 * The app in a process of its own, before an emulator with data centers all over the world. `env`
 * is for its environment.
 */
export const running = (env: Readonly<Record<string, string>> = {}) => {
  const emulator = createEmulator({
    dataCenters: ['us', 'eu', 'in', 'jp', 'cn'],
    authorizationCodeBudget: { limit: 100, windowSeconds: 600 },
  })
  let app: ExampleApp
  beforeAll(async () => {
    await emulator.listen({ port: 0 })
    app = await startExampleApp(emulator, argv, env)
  }, 60_000)
  afterAll(async () => {
    await app?.stop()
    await emulator.close()
  })
  return {
    emulator,
    origin: () => app.origin,
    database: () => join(app.folder, 'zoho.db'),
    /** A browser in which somebody has signed in. */
    async signedIn(user: string) {
      const browser = createBrowser()
      const at = (path: string, init?: RequestInit) => browser.send(app.origin + path, init)
      const signIn = (who: string) =>
        at('/sign-in', { method: 'POST', body: new URLSearchParams({ user: who }) })
      await signIn(user)
      return {
        at,
        signIn,
        /**
         * To Zoho's page, and back with a yes, as the user with this e-mail address or the data
         * center's own.
         */
        async connect(query = '', as?: string) {
          const consent = await browser.open(`${app.origin}/zoho/connect${query}`)
          const account = new URL(consent.url).origin
          return {
            account,
            back: await browser.submit(consent, {
              decision: 'approve',
              ...(as !== undefined && { account: as }),
            }),
          }
        },
        /** Presses a button of the admin page at this address. */
        press: (
          path: string,
          button: Readonly<Record<string, string>>,
          headers: Readonly<Record<string, string>> = {},
        ) => at(path, { method: 'POST', body: new URLSearchParams(button), headers }),
        /** To Zoho's page, with a yes, and to where Zoho sends the browser, without going there. */
        async consent() {
          const answered = await browser.submit(
            await browser.open(`${app.origin}/zoho/connect`),
            { decision: 'approve' },
            { stay: true },
          )
          const { pathname, search } = new URL(answered.headers.get('location') ?? '')
          return pathname + search
        },
      }
    },
  }
}
