import type { ConnectionStore, RecruitOAuthOptions } from '@zrecruit/oauth-core'
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { withClockOffset } from '../clock-offset.ts'
import { appOn } from '../app.ts'
import type { Zoho } from '../zoho.ts'

/** What a life has brought to light: each must be nowhere on a disk. */
export interface Secrets {
  /** By what it is: `refresh token`, … */
  readonly found: readonly { readonly kind: string; readonly secret: string }[]
}

/**
 * A connection's whole life in a store: a consent by browser, refreshes, a consent over it, a Self
 * Client's code, a new key, writes that fail, writes that are lost, a revocation. All secrets that
 * pass by are written down.
 * @param principal is no secret, and lies on the disk as it is
 */
export const live = async (
  store: ConnectionStore,
  zoho: Zoho,
  principal: string,
): Promise<Secrets> => {
  const found = new Map<string, string>()
  const note = (kind: string, secret: unknown) => {
    if (typeof secret === 'string' && secret !== '') found.set(secret, kind)
  }
  const [former, current] = [randomBytes(32), randomBytes(32)]
  for (const key of [former, current]) {
    // Octets, not text: as they are, and written down in the ways one writes down bytes.
    for (const encoding of ['latin1', 'hex', 'base64', 'base64url'] as const)
      note('encryption key', key.toString(encoding))
    for (const before of ['x', 'xx'])
      note(
        'encryption key',
        Buffer.from(before + key.toString('latin1'), 'latin1')
          .toString('base64url')
          .slice(4, -2),
      )
  }
  note('client secret', zoho.client.secret)

  const listening: RecruitOAuthOptions['fetch'] = async (url, init) => {
    const sent = new URLSearchParams(await new Response(init.body).text())
    for (const name of ['code', 'code_verifier', 'refresh_token']) note(name, sent.get(name))
    const answer = await fetch(url, init)
    const said = (await answer
      .clone()
      .json()
      .catch(() => ({}))) as Record<string, unknown>
    for (const name of ['access_token', 'refresh_token']) note(name, said[name])
    return answer
  }
  /** A store that fails when it is told to, before or after the write is done. */
  let fails: 'before' | 'after' | undefined
  const failing: ConnectionStore = {
    ...store,
    async write(...all) {
      if (fails === 'before') throw new Error('down')
      const answer = await store.write(...all)
      if (fails === 'after') throw new Error('lost')
      return answer
    },
  }
  const app = (keys: readonly Buffer[], on = failing) =>
    appOn(on, zoho, {
      encryptionKeys: keys.map((key) => key.toString('base64')),
      fetch: listening,
      connectionFor: () => ({ id: principal, principal }),
    })

  /** Through the browser, and through the routes. */
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
    const answer = await handle(
      new Request(approved.headers.get('location') ?? '', {
        headers: { cookie: setCookie.split(';')[0] ?? '' },
      }),
    )
    if (answer?.status !== 303) throw new Error(`the consent came to ${answer?.status}`)
  }
  const connection = (keys: readonly Buffer[]) => app(keys).connection(principal)

  await consent([former], withClockOffset(store, 3_600_000))
  await connection([former]).accessToken() // Expired: a refresh.
  await connection([former]).refresh()
  await consent([former])
  await connection([former]).exchangeSelfClientCode(await zoho.newCode(), { principal })
  for (const how of ['before', 'after'] as const) {
    const interrupted = app([former])
    const refreshing = interrupted.connection(principal)
    await refreshing.status()
    fails = how
    await refreshing.refresh().catch(() => {})
    fails = undefined
    await sleep(700) // The first of its further tries.
  }
  const { done, failed } = await app([current, former]).reencryptAll()
  if (done === 0 || failed.length > 0) throw new Error('nothing was resealed')
  await consent([current])
  await connection([current]).refresh()
  await connection([current]).revoke()
  await consent([current]) // One that stands in the end, too.
  return { found: [...found].map(([secret, kind]) => ({ kind, secret })) }
}
