import { memoryStore } from '@zrecruit/oauth-core/memory'
import { Hono, type Context } from 'hono'
import { vi } from 'vitest'
import {
  isRecruitOAuthError,
  zohoRecruitFromBindings,
  type ConnectionStore,
  type RecruitOAuthOptions,
} from '../src/index.ts'

export interface Bindings {
  readonly CLIENT_ID?: string
  readonly SECRET?: string
  readonly STORE?: ConnectionStore
}

export type App = { Bindings: Bindings }

export const createBindings = (): Bindings => ({
  CLIENT_ID: '1000.CLIENT',
  SECRET: 'the-secret',
  STORE: memoryStore(),
})
export const script = { headers: { accept: 'application/json' } }
export const page = { headers: { accept: 'text/html' } }

/** The options that do not come from the bindings. */
export const constantOptions = {
  redirectUri: 'https://app.example.com/zoho/callback',
  scopes: ['ZohoRecruit.modules.READ'],
  encryptionKeys: [Buffer.alloc(32, 7).toString('base64')],
} as const satisfies Partial<RecruitOAuthOptions>

/** Creates an app as on Workers. Its options function is a spy. */
export const createAppOnBindings = () => {
  const optionsFrom = vi.fn<(env: Bindings) => RecruitOAuthOptions<Context<App>>>(
    ({ CLIENT_ID, SECRET, STORE }) => ({
      ...constantOptions,
      clientId: CLIENT_ID ?? '',
      clientSecret: SECRET ?? '',
      store: STORE,
      connectionFor: () => ({ id: 'acme', principal: 'alice' }),
    }),
  )
  const zoho = zohoRecruitFromBindings<App>(optionsFrom)
  const app = new Hono<App>()
    .route('/zoho', zoho.routes())
    .get('/zoho/:page', (c) => c.text(`own ${c.req.param('page')}`))
    .get('/candidates', zoho.requireConnection(), (c) => c.text(c.var.zoho.id))
    .notFound((c) => c.text('own 404', 404))
    .onError(
      (error, c) =>
        zoho.errorResponse(error, c) ??
        c.text(isRecruitOAuthError(error) ? error.message : 'own error', 500),
    )
  return { app, zoho, optionsFrom }
}
