import { createRecruitOAuth, RecruitOAuthError, type RecruitOAuth, type RecruitOAuthOptions } from '@zrecruit/oauth-core'
import type { Context, Env } from 'hono'

export interface Client<E extends Env> extends RecruitOAuth<Context<E>> {
  readonly redirectUri: string
}

export const clientFrom = <E extends Env>(options: RecruitOAuthOptions<Context<E>>): Client<E> => ({ ...createRecruitOAuth(options), redirectUri: options.redirectUri })

/** One client for each `env`, made at first use. */
export const clientsByEnv = <E extends Env>(optionsFrom: (env: E['Bindings']) => RecruitOAuthOptions<Context<E>>) => {
  const clients = new WeakMap<object, Client<E>>()
  return (env: E['Bindings']): Client<E> => {
    const known = clients.get(env as object)
    if (known) return known
    // What the servers of Node and Deno put there is new with each request; a client for each would share no refresh.
    if (!env || 'incoming' in env || 'remoteAddr' in env) throw wrong('There are no bindings that outlive a request here.', 'Give `zohoRecruit` the options themselves.')
    const options = optionsFrom(env)
    if (!options?.store) throw wrong('The option `store` is missing: bindings are for runtimes whose memory is lost without notice.', 'Name one, such as a Durable Object.')
    const client = clientFrom(options)
    clients.set(env, client)
    return client
  }
}

export const wrong = (what: string, cure: string): RecruitOAuthError => new RecruitOAuthError('configuration-invalid', { what, cure })
