// Counts the source files of core that one operation passes through: files with a function that V8
// called while the operation ran. Loading a module does not count, because each operation runs once
// before it is measured. The store is the one in memory, and Zoho is the emulator.
//   node --conditions=@zrecruit/source scripts/files-passed.ts
import { createBrowser, createEmulator } from '@zrecruit/oauth-emulator'
import { Session } from 'node:inspector/promises'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRecruitOAuth } from '../packages/oauth-core/src/create-recruit-oauth.ts'
import { memoryStore } from '../packages/oauth-core/src/store/memory.ts'

const appOrigin = 'http://localhost:3000'
const redirectUri = `${appOrigin}/zoho/callback`
const oneHourMs = 3_600_000

const sources = new URL('../packages/oauth-core/src/', import.meta.url)

const emulator = createEmulator({ redirectUris: [redirectUri] })
await emulator.listen({ port: 0 })
const browser = createBrowser()

let advancedMs = 0
const monotonic = () => performance.now() + advancedMs

let signedIn = ''
const zoho = createRecruitOAuth({
  clientId: emulator.client.id,
  clientSecret: emulator.client.secret,
  redirectUri,
  scopes: ['ZohoRecruit.modules.ALL', 'ZohoRecruit.org.READ', 'ZohoRecruit.users.READ'],
  dataCenters: emulator.dataCenters,
  dataCenter: 'eu',
  store: memoryStore({ now: () => performance.timeOrigin + monotonic() }),
  encryptionKeys: [Buffer.alloc(32, 1).toString('base64')],
  connectionFor: () => ({ id: signedIn, principal: signedIn }),
  monotonic,
})

/** Gives consent in the browser. Returns the request that Zoho redirects to. */
const consent = async (connection: string): Promise<Request> => {
  signedIn = connection
  const connect = await zoho.handle(new Request(`${appOrigin}/zoho/connect`))
  const cookie = connect?.headers.getSetCookie()[0]?.split(';')[0]
  const authorizationUrl = connect?.headers.get('location')
  if (!cookie || !authorizationUrl) throw new Error('/connect did not redirect to Zoho')
  const page = await browser.open(authorizationUrl)
  const fields = { decision: 'approve', account: 'eu' }
  const approved = await browser.submit(page, fields, { stay: true })
  const callback = approved.headers.get('location')
  if (!callback?.startsWith(redirectUri)) throw new Error('Zoho did not redirect to the callback')
  return new Request(callback, { headers: { cookie } })
}

const complete = async (callback: Request): Promise<void> => {
  const response = await zoho.handle(callback)
  if (response?.status !== 303) throw new Error(`The callback failed: ${await response?.text()}`)
}

const session = new Session()
session.connect()
await session.post('Profiler.enable')

/** Runs the operation and prints the files that it passes through. */
const measure = async (name: string, operation: () => Promise<unknown>): Promise<void> => {
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
  await operation()
  const { result } = await session.post('Profiler.takePreciseCoverage')
  await session.post('Profiler.stopPreciseCoverage')
  const called = result.filter(
    ({ url, functions }) =>
      url.startsWith(sources.href) && functions.some(({ ranges }) => ranges[0]?.count),
  )
  const files = called.map(({ url }) => relative(fileURLToPath(sources), fileURLToPath(url)))
  console.log(`${name}: ${files.length} files`)
  for (const file of files.toSorted()) console.log(`  ${file}`)
}

try {
  await complete(await consent('warm-up'))
  const callback = await consent('measured')
  await measure('one callback', () => complete(callback))

  advancedMs += oneHourMs
  emulator.advanceClock(oneHourMs / 1_000)
  await zoho.connection('warm-up').accessToken()
  await measure('one stale accessToken()', () => zoho.connection('measured').accessToken())
} finally {
  session.disconnect()
  await emulator.close()
}
