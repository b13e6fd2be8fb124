import {
  createRecruitOAuth,
  RecruitOAuthError,
  type RecruitOAuth,
  type RecruitOAuthOptions,
} from '@zrecruit/oauth-core'
import type { Context, Env } from 'hono'

export type Options<E extends Env> = RecruitOAuthOptions<Context<E>>
export type Client<E extends Env> = RecruitOAuth<Context<E>> & { readonly redirectUri: string }

export const createClient = <E extends Env>(options: Options<E>): Client<E> => ({
  ...createRecruitOAuth(options),
  redirectUri: options.redirectUri,
})

/**
 * Returns a function that returns the client of an `env`. It creates the client at the first call
 * with that `env`.
 */
export const createClientCache = <E extends Env>(
  optionsFrom: (env: E['Bindings']) => Options<E>,
): ((env: E['Bindings']) => Client<E>) => {
  const clients = new WeakMap<object, Client<E>>()
  return (env) => {
    const existing = clients.get(env as object)
    if (existing) return existing
    // The servers of Node (`incoming`) and Deno (`remoteAddr`) create an `env` for each request.
    // Concurrent requests share a token refresh only if they use the same client.
    const isNewOrMissing = !env || 'incoming' in env || 'remoteAddr' in env
    if (isNewOrMissing)
      throw configurationError(
        'The bindings are missing, or new with each request.',
        'Pass the options as an object, not as a function.',
      )
    const options = optionsFrom(env)
    // The default store is memory, which the instances of a Worker do not share.
    if (!options?.store)
      throw configurationError('The option `store` is missing.', 'Use a Durable Object.')
    const client = createClient(options)
    clients.set(env, client)
    return client
  }
}

export const configurationError = (summary: string, hint: string): RecruitOAuthError =>
  new RecruitOAuthError('configuration-invalid', { summary, hint })
