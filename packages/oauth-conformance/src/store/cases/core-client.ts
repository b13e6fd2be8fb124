import {
  createRecruitOAuth,
  isRecruitOAuthError,
  RecruitOAuthError,
  storedId,
  type ConnectionStore,
  type RecruitOAuthOptions,
  type BatchResult,
} from '@zrecruit/oauth-core'
import { randomBytes } from 'node:crypto'
import { equal } from '../../cases/expect.ts'

export const createKey = (): string => randomBytes(32).toString('base64')

export const errorCode = (error: unknown): string =>
  isRecruitOAuthError(error) ? error.code : String(error)

/**
 * Core waits one second for a store. A store can need longer while other tests run, so an operation
 * that fails with `store-unavailable` is repeated.
 */
export const retryUnavailable = async <T>(operation: () => Promise<T>): Promise<T> => {
  for (const end = performance.now() + 10_000; ;) {
    try {
      return await operation()
    } catch (error) {
      if (errorCode(error) !== 'store-unavailable' || performance.now() > end) throw error
    }
  }
}

/** Repeats a batch operation until the store has answered for every connection. */
export const completeBatch = (operation: () => Promise<BatchResult>): Promise<BatchResult> =>
  retryUnavailable(async () => {
    const result = await operation()
    const unanswered = result.failed.find(({ error }) => error.code === 'store-unavailable')
    if (unanswered) throw unanswered.error
    return result
  })

/** A fake Zoho: it accepts every code and refresh token, and confirms no revocation. */
const createFakeZoho = () => {
  const revocations: string[] = []
  const token = (kind: string) =>
    `1000.${kind}${randomBytes(12).toString('hex')}.${randomBytes(16).toString('hex')}`
  const responseOf = (url: string): Response => {
    if (url.includes('/revoke')) {
      revocations.push(url)
      return new Response('', { status: 503 })
    }
    const tokens = {
      access_token: token('access'),
      refresh_token: token('refresh'),
      expires_in: 3_600,
      token_type: 'Bearer',
    }
    return Response.json({ ...tokens, api_domain: 'https://www.zohoapis.com' })
  }
  return { revocations, fetch: async (url: string | URL) => responseOf(String(url)) }
}

/** Creates a client of core on the store under test. */
export const createClient = (
  store: ConnectionStore,
  clientId: string,
  encryptionKeys: readonly string[],
) => {
  const { revocations, fetch } = createFakeZoho()
  const options: RecruitOAuthOptions = {
    clientId,
    clientSecret: 'the-client-secret',
    redirectUri: 'https://app.example.com/zoho/callback',
    scopes: ['ZohoRecruit.modules.ALL'],
    connectionFor: ({ headers }) => ({
      id: headers.get('x-connection') ?? '',
      principal: 'principal',
    }),
    onEvent: () => {},
    encryptionKeys,
    fetch,
    store,
  }
  const zoho = createRecruitOAuth(options)
  return {
    zoho,
    revocations,
    /** The same client with an additional new encryption key. */
    rotated: () =>
      createRecruitOAuth({ ...options, encryptionKeys: [createKey(), ...encryptionKeys] }),
    /** Connects as a browser does. */
    connect: (id: string) =>
      retryUnavailable(async () => {
        const { url, setCookie } = await zoho.startAuthorization({ id, principal: 'principal' })
        const state = new URL(url).searchParams.get('state') ?? ''
        const query = new URLSearchParams({
          state,
          code: `1000.${randomBytes(16).toString('hex')}`,
          location: 'us',
        })
        const headers = { cookie: setCookie.split(';')[0] ?? '', 'x-connection': id }
        const response = await zoho.handle(
          new Request(`https://app.example.com/zoho/callback?${query.toString()}`, { headers }),
        )
        if (response?.status === 503) throw new RecruitOAuthError('store-unavailable')
        equal(response?.status, 303, 'the status of a callback')
      }),
    /** All rows of the client in the store. */
    async rows() {
      const prefix = await storedId(clientId, '')
      const listed = (await store.list({ limit: 1_000 })).filter(({ id }) => id.startsWith(prefix))
      return Promise.all(
        listed.map(async (row) => ({ row, record: (await store.read(row.id)).record })),
      )
    },
  }
}

export type Client = ReturnType<typeof createClient>
