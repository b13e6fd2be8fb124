import { randomBytes } from 'node:crypto'
import { connectionsIn } from './connections.ts'
import { startApp } from './app.ts'

const createKey = (): string => randomBytes(32).toString('base64')

/** Starts the app with two encryption keys. `lostKey` is not among them. */
export const startAdminApp = (env: Readonly<Record<string, string>> = {}) => {
  const key = createKey()
  const formerKey = createKey()
  const lostKey = createKey()
  const sessionSecret = createKey()
  const app = startApp({
    ZOHO_ENCRYPTION_KEY: `${key},${formerKey}`,
    SESSION_SECRET: sessionSecret,
    ...env,
  })
  const storeWithKeys = (keys: readonly string[] = [key]) =>
    connectionsIn(app.database(), app.emulator, keys)

  const forgetAll = async (): Promise<void> => {
    const { store } = storeWithKeys()
    for (const { id } of await store.list({ limit: 1000 }))
      await store.write(id, undefined, (await store.read(id)).record?.revision ?? 'absent')
    app.emulator.reset()
  }
  return { ...app, key, formerKey, lostKey, sessionSecret, storeWithKeys, forgetAll }
}

/** The status labels on the page, by connection id. */
export const statusesIn = (text: string): Record<string, string> =>
  Object.fromEntries(
    [
      ...text.matchAll(/<code>([^<]*)<\/code>\s*<\/th>.*?<span class="badge [\w-]+">([^<]*)</gs),
    ].map(([, id, status]) => [id, status]),
  )
