import {
  nestCommand,
  startExampleApp,
  type ExampleApp,
} from '@zrecruit-examples/shared-ui/test-support/example-app'
import { createBrowser, createEmulator } from '@zrecruit/oauth-emulator'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'

const command = nestCommand(new URL('..', import.meta.url))

/** Starts the app as a process, with an emulator of five data centers. */
export const startApp = (env: Readonly<Record<string, string>> = {}) => {
  const emulator = createEmulator({
    dataCenters: ['us', 'eu', 'in', 'jp', 'cn'],
    authorizationCodeBudget: { limit: 100, windowSeconds: 600 },
  })
  let app: ExampleApp
  beforeAll(async () => {
    await emulator.listen({ port: 0 })
    app = await startExampleApp(emulator, command, env)
  }, 60_000)
  afterAll(async () => {
    await app?.stop()
    await emulator.close()
  })
  return {
    emulator,
    origin: () => app.origin,
    database: () => join(app.folder, 'zoho.db'),
    /** Returns a browser in which `user` is signed in. */
    async signIn(user: string) {
      const browser = createBrowser()
      const request = (path: string, init?: RequestInit) => browser.send(app.origin + path, init)
      const switchUser = (id: string) =>
        request('/sign-in', { method: 'POST', body: new URLSearchParams({ user: id }) })
      await switchUser(user)
      return {
        request,
        switchUser,
        /**
         * Opens Zoho's consent page and accepts, as the user with this e-mail address or as the
         * data center's default user.
         */
        async connect(query = '', account?: string) {
          const consent = await browser.open(`${app.origin}/zoho/connect${query}`)
          const accountsServer = new URL(consent.url).origin
          return {
            accountsServer,
            page: await browser.submit(consent, {
              decision: 'approve',
              ...(account !== undefined && { account }),
            }),
          }
        },
        /** Submits a button of the admin page at `path`. */
        submit: (
          path: string,
          button: Readonly<Record<string, string>>,
          headers: Readonly<Record<string, string>> = {},
        ) => request(path, { method: 'POST', body: new URLSearchParams(button), headers }),
        /** Accepts on Zoho's page, and returns the callback's address without opening it. */
        async acceptOnly() {
          const response = await browser.submit(
            await browser.open(`${app.origin}/zoho/connect`),
            { decision: 'approve' },
            { stay: true },
          )
          const { pathname, search } = new URL(response.headers.get('location') ?? '')
          return pathname + search
        },
      }
    },
  }
}
