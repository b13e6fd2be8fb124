import { createEmulator, type Emulator } from '@zrecruit/oauth-emulator'
import type {
  AppOptions,
  AppSettings,
  RunningApp,
  AdapterHarness,
  CatchAllPosition,
} from '../adapter-harness.ts'
import { sendRequest, type TestResponse, type TestRequest } from './send-request.ts'
import { sendRaw, type RawRequest } from './raw.ts'
import { visitor, type Visitor } from './visitor.ts'

/** The changes of a case to the default app. */
export interface Changes {
  readonly redirectUri?: string
  readonly options?: Partial<AppOptions>
  readonly mount?: string
  readonly alsoMount?: string
  /** The mount path of a second client, which is registered at another emulator. */
  readonly second?: string
  readonly bodyParser?: boolean
  readonly catchAll?: CatchAllPosition
}

/** A running app with its emulator. */
export interface TestApp {
  readonly emulator: Emulator<'us' | 'eu'>
  /** The emulator of the second client, if there is one. */
  readonly secondEmulator?: Emulator<'us' | 'eu'>
  readonly settings: AppSettings
  /** Default: `https://app.example.com`. */
  readonly publicOrigin: string
  /** A new browser with a signed-in user. Default: `alice` of the connection `acme`. */
  visitor(session?: string | null): Visitor
  /** Sends a request without a browser. The default `Host` is the public host. */
  send(request: TestRequest): Promise<TestResponse>
  /** Sends a request with a raw target over a socket. Resolves with all received bytes. */
  sendRaw(request: RawRequest): Promise<string>
}

/** Starts apps for a case. They are closed when the case ends. */
export interface TestContext {
  start(changes?: Changes): Promise<TestApp>
}

/** A fixed key, because the test data is not secret. */
const encryptionKey = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='
const defaultRedirectUri = 'https://app.example.com/zoho/callback'

export const withTestContext = async (
  harness: AdapterHarness,
  run: (context: TestContext) => Promise<void>,
): Promise<void> => {
  const resources: { close(): Promise<void> }[] = []
  try {
    await run({
      async start({ redirectUri = defaultRedirectUri, bodyParser = true, ...changes } = {}) {
        const { options, mount, alsoMount, second, catchAll } = changes
        const startEmulator = async (uri: string) => {
          const emulator = createEmulator({ dataCenters: ['us', 'eu'], redirectUris: [uri] })
          resources.push(emulator)
          await emulator.listen({ port: 0 })
          const appOptions: AppOptions = {
            clientId: emulator.client.id,
            clientSecret: emulator.client.secret,
            redirectUri: uri,
            scopes: ['ZohoRecruit.modules.ALL', 'ZohoRecruit.org.READ'],
            dataCenters: { ...emulator.dataCenters },
            encryptionKeys: [encryptionKey],
          }
          return { emulator, appOptions }
        }
        const { emulator, appOptions } = await startEmulator(redirectUri)
        const secondClient =
          second === undefined
            ? undefined
            : await startEmulator(new URL(`${second}/callback`, redirectUri).href)
        const mountPath = new URL(redirectUri).pathname.replace(/\/[^/]+\/?$/, '')
        const settings: AppSettings = {
          options: { ...appOptions, ...options },
          mount: mount ?? mountPath,
          ...(alsoMount !== undefined && { alsoMount }),
          ...(second !== undefined &&
            secondClient && { second: { options: secondClient.appOptions, mount: second } }),
          bodyParser,
          ...(catchAll !== undefined && { catchAll }),
        }
        const runningApp: RunningApp = await harness.start(settings)
        resources.push(runningApp)
        const publicOrigin = new URL(redirectUri).origin
        const { host } = new URL(publicOrigin)
        return {
          emulator,
          ...(secondClient && { secondEmulator: secondClient.emulator }),
          settings,
          publicOrigin,
          visitor: (session = 'alice@acme') =>
            visitor(runningApp, publicOrigin, session ?? undefined, `${mountPath}/connect`),
          send: (request) =>
            sendRequest(runningApp.origin, {
              ...request,
              headers: { host, ...request.headers, ...runningApp.headers },
            }),
          sendRaw: ({ headers, ...request }) =>
            sendRaw(runningApp.origin, {
              ...request,
              headers: { host, ...headers, ...runningApp.headers },
            }),
        }
      },
    })
  } finally {
    for (const resource of resources.toReversed()) await resource.close()
  }
}
