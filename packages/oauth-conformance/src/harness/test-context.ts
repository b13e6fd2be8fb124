import { createEmulator, type Emulator } from '@zrecruit/oauth-emulator'
import type {
  AppOptions,
  AppSettings,
  RunningApp,
  AdapterHarness,
  WholeApp,
} from '../adapter-harness.ts'
import { sendRequest, type TestResponse, type TestRequest } from './send-request.ts'
import { sendRaw, type RawRequest } from './raw.ts'
import { visitor, type Visitor } from './visitor.ts'

/** What a case changes of the usual app. */
export interface Changes {
  readonly redirectUri?: string
  readonly options?: Partial<AppOptions>
  readonly mount?: string
  readonly alsoMount?: string
  /** Where the app mounts a second client of its own, registered at another emulator. */
  readonly second?: string
  readonly bodyParser?: boolean
  readonly wholeApp?: WholeApp
}

/** An app that runs before an emulator, and what a case does with both. */
export interface TestApp {
  readonly emulator: Emulator<'us' | 'eu'>
  /** Where the second client is registered, if there is one. */
  readonly secondEmulator?: Emulator<'us' | 'eu'>
  readonly settings: AppSettings
  /** `https://app.example.com`, unless the case says otherwise. */
  readonly publicOrigin: string
  /**
   * A new browser, with somebody signed in: `alice` of the connection `acme`, unless said
   * otherwise.
   */
  visitor(session?: string | null): Visitor
  /** A request as it is, without a browser around it; `Host` is the public one unless given. */
  ask(question: TestRequest): Promise<TestResponse>
  /** A request over a socket, its target byte for byte: all that came until it was closed. */
  sendRaw(request: RawRequest): Promise<string>
}

/** Starts what a case needs. All of it ends with the case. */
export interface TestContext {
  start(changes?: Changes): Promise<TestApp>
}

/** A key as any other: nothing here is worth sealing. */
const encryptionKey = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='
const usualRedirectUri = 'https://app.example.com/zoho/callback'

export const withTestContext = async (
  subject: AdapterHarness,
  run: (stage: TestContext) => Promise<void>,
): Promise<void> => {
  const open: { close(): Promise<void> }[] = []
  try {
    await run({
      async start({ redirectUri = usualRedirectUri, bodyParser = true, ...changes } = {}) {
        const { options, mount, alsoMount, second, wholeApp } = changes
        const registered = async (uri: string) => {
          const emulator = createEmulator({ dataCenters: ['us', 'eu'], redirectUris: [uri] })
          open.push(emulator)
          await emulator.listen({ port: 0 })
          const client: AppOptions = {
            clientId: emulator.client.id,
            clientSecret: emulator.client.secret,
            redirectUri: uri,
            scopes: ['ZohoRecruit.modules.ALL', 'ZohoRecruit.org.READ'],
            dataCenters: { ...emulator.dataCenters },
            encryptionKeys: [encryptionKey],
          }
          return { emulator, client }
        }
        const { emulator, client } = await registered(redirectUri)
        const other =
          second === undefined
            ? undefined
            : await registered(new URL(`${second}/callback`, redirectUri).href)
        const path = new URL(redirectUri).pathname.replace(/\/[^/]*$/, '')
        const settings: AppSettings = {
          options: { ...client, ...options },
          mount: mount ?? path,
          ...(alsoMount !== undefined && { alsoMount }),
          ...(second !== undefined &&
            other && { second: { options: other.client, mount: second } }),
          bodyParser,
          ...(wholeApp !== undefined && { wholeApp }),
        }
        const app: RunningApp = await subject.start(settings)
        open.push(app)
        const publicOrigin = new URL(redirectUri).origin
        const { host } = new URL(publicOrigin)
        return {
          emulator,
          ...(other && { secondEmulator: other.emulator }),
          settings,
          publicOrigin,
          visitor: (session = 'alice@acme') =>
            visitor(app, publicOrigin, session ?? undefined, `${path}/connect`),
          ask: (question) =>
            sendRequest(app.origin, {
              ...question,
              headers: { host, ...question.headers, ...app.headers },
            }),
          sendRaw: ({ headers, ...request }) =>
            sendRaw(app.origin, { ...request, headers: { host, ...headers, ...app.headers } }),
        }
      },
    })
  } finally {
    for (const one of open.toReversed()) await one.close()
  }
}
