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

/** One client for each `env`, made at first use. */
export const createClientCache = <E extends Env>(
  optionsFrom: (env: E['Bindings']) => Options<E>,
) => {
  const clients = new WeakMap<object, Client<E>>()
  const clientOf = (env: E['Bindings']): Client<E> => {
    const known = clients.get(env as object)
    if (known) return known
    // What the servers of Node and Deno put there is new with each request; a client for each would
    // share no refresh.
    if (!env || 'incoming' in env || 'remoteAddr' in env)
      throw configurationError(
        'The bindings are new with each request.',
        'Pass the options themselves.',
      )
    const options = optionsFrom(env)
    if (!options?.store)
      throw configurationError('The option `store` is missing.', 'Use a Durable Object.')
    clients.set(env, createClient(options))
    return clientOf(env)
  }
  return clientOf
}

export const configurationError = (summary: string, hint: string): RecruitOAuthError =>
  new RecruitOAuthError('configuration-invalid', { summary, hint })
