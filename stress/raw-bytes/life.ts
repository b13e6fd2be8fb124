import type { ConnectionStore, RecruitOAuthOptions } from '@zrecruit/oauth-core'
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { withClockOffset } from '../clock-offset.ts'
import { createApp } from '../app.ts'
import type { Zoho } from '../zoho.ts'

/** The secrets that occurred during the life of a connection. None may be on a disk. */
export interface Secrets {
  /** `kind`: for example `refresh_token`. */
  readonly found: readonly { readonly kind: string; readonly secret: string }[]
}

/**
 * Plays the whole life of a connection: consent in a browser, refreshes, re-consent, a Self Client
 * code, key rotation, failed writes, lost responses of writes, and revocation. Collects all
 * secrets.
 * @param principal not a secret; it is on the disk in plain text
 */
export const runLifeCycle = async (
  store: ConnectionStore,
  zoho: Zoho,
  principal: string,
): Promise<Secrets> => {
  const found = new Map<string, string>()
  const note = (kind: string, secret: unknown) => {
    if (typeof secret === 'string' && secret !== '') found.set(secret, kind)
  }
  const former = randomBytes(32)
  const current = randomBytes(32)
  for (const key of [former, current]) {
    // The raw bytes, and their usual encodings.
    for (const encoding of ['latin1', 'hex', 'base64', 'base64url'] as const)
      note('encryption key', key.toString(encoding))
    // The key in the base64url of a longer text, in which one or two bytes precede it.
    for (const before of ['x', 'xx'])
      note(
        'encryption key',
        Buffer.from(before + key.toString('latin1'), 'latin1')
          .toString('base64url')
          .slice(4, -2),
      )
  }
  note('client secret', zoho.client.secret)

  const recordingFetch: RecruitOAuthOptions['fetch'] = async (url, init) => {
    const sent = new URLSearchParams(await new Response(init.body).text())
    for (const name of ['code', 'code_verifier', 'refresh_token']) note(name, sent.get(name))
    const response = await fetch(url, init)
    const body = (await response
      .clone()
      .json()
      .catch(() => ({}))) as Record<string, unknown>
    for (const name of ['access_token', 'refresh_token']) note(name, body[name])
    return response
  }
  /** Makes the store fail, before or after it executes the write. */
  let failureMode: 'before' | 'after' | undefined
  const failingStore: ConnectionStore = {
    ...store,
    async write(...all) {
      if (failureMode === 'before') throw new Error('down')
      const response = await store.write(...all)
      if (failureMode === 'after') throw new Error('lost')
      return response
    },
  }
  const app = (keys: readonly Buffer[], on = failingStore) =>
    createApp(on, zoho, {
      encryptionKeys: keys.map((key) => key.toString('base64')),
      fetch: recordingFetch,
      connectionFor: () => ({ id: principal, principal }),
    })

  /** A consent in a browser, through the routes. */
  const consent = async (keys: readonly Buffer[], on?: ConnectionStore) => {
    const { startAuthorization, handle } = app(keys, on)
    const { url, setCookie } = await startAuthorization({ id: principal, principal })
    note('state', new URL(url).searchParams.get('state'))
    note('browser binding', /=([^;]+)/.exec(setCookie)?.[1])
    const approved = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams({ decision: 'approve', account: 'eu' }),
      redirect: 'manual',
    })
    const response = await handle(
      new Request(approved.headers.get('location') ?? '', {
        headers: { cookie: setCookie.split(';')[0] ?? '' },
      }),
    )
    if (response?.status !== 303) throw new Error(`the callback was answered ${response?.status}`)
  }
  const connection = (keys: readonly Buffer[]) => app(keys).connection(principal)

  await consent([former], withClockOffset(store, 3_600_000))
  await connection([former]).accessToken() // It has expired, so this refreshes it.
  await connection([former]).refresh()
  await consent([former])
  await connection([former]).exchangeSelfClientCode(await zoho.newCode(), { principal })
  for (const mode of ['before', 'after'] as const) {
    const interrupted = app([former])
    const refreshing = interrupted.connection(principal)
    await refreshing.status()
    failureMode = mode
    await refreshing.refresh().catch(() => {})
    failureMode = undefined
    await sleep(700) // By then, the app has repeated the write once.
  }
  const { done, failed } = await app([current, former]).reencryptAll()
  if (done === 0 || failed.length > 0) throw new Error('reencryptAll() failed')
  await consent([current])
  await connection([current]).refresh()
  await connection([current]).revoke()
  await consent([current]) // So that an active connection is on the disk too.
  return { found: [...found].map(([secret, kind]) => ({ kind, secret })) }
}
