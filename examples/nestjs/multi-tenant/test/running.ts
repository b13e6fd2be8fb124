import { startExampleApp, type ExampleApp } from '@zrecruit-examples/hono-minimal/test/example-app'
import { createBrowser, createEmulator } from '@zrecruit/oauth-emulator'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll } from 'vitest'

// tsx reads how decorators are meant from the tsconfig.json of the folder that it is started in, as `pnpm start` is.
const argv = ['/bin/sh', '-c', 'cd "$0" && exec "$@"', fileURLToPath(new URL('..', import.meta.url)), process.execPath, '--conditions=@zrecruit/source', '--import', 'tsx', 'src/server.ts']

/** The app in a process of its own, before an emulator with data centers all over the world. */
export const running = () => {
  const emulator = createEmulator({ dataCenters: ['us', 'eu', 'in', 'jp', 'cn'] })
  let app: ExampleApp
  beforeAll(async () => {
    await emulator.listen({ port: 0 })
    app = await startExampleApp(emulator, argv)
  }, 60_000)
  afterAll(async () => {
    await app?.stop()
    await emulator.close()
  })
  return {
    emulator,
    origin: () => app.origin,
    /** A browser in which somebody has signed in. */
    async signedIn(user: string) {
      const browser = createBrowser()
      const at = (path: string, init?: RequestInit) => browser.send(app.origin + path, init)
      const signIn = (who: string) => at('/sign-in', { method: 'POST', body: new URLSearchParams({ user: who }) })
      await signIn(user)
      return {
        at,
        signIn,
        /** To Zoho's page, and back with a yes. */
        async connect(query = '') {
          const consent = await browser.open(`${app.origin}/zoho/connect${query}`)
          const account = new URL(consent.url).origin
          return { account, back: await browser.submit(consent, { decision: 'approve' }) }
        },
        /** To Zoho's page, with a yes, and to where Zoho sends the browser, without going there. */
        async consent() {
          const answered = await browser.submit(await browser.open(`${app.origin}/zoho/connect`), { decision: 'approve' }, { stay: true })
          const { pathname, search } = new URL(answered.headers.get('location') ?? '')
          return pathname + search
        },
      }
    },
  }
}
