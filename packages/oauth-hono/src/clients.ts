import {
  createRecruitOAuth,
  isRecruitOAuthError,
  type RecruitOAuth,
  type RecruitOAuthOptions,
} from '@zrecruit/oauth-core'
import type { Context, Env } from 'hono'
import { observeBindings, type ObservedBindings } from './bindings.ts'
import { configurationError } from './configuration-error.ts'

export type Options<E extends Env> = RecruitOAuthOptions<Context<E>>
export type Client<E extends Env> = RecruitOAuth<Context<E>> & { readonly redirectUri: string }

export const createClient = <E extends Env>(options: Options<E>): Client<E> => ({
  ...createRecruitOAuth(options),
  redirectUri: options.redirectUri,
})

/**
 * The number of clients that one app creates for one `clientId`. Tests may need some, each with its
 * own store. In production, each further client would refresh the same tokens again.
 */
const maxClients = 10

interface CachedClient<E extends Env> {
  readonly client: Client<E>
  readonly clientId: string
  readonly bindings: ObservedBindings
}

/**
 * Returns a function that returns the client of an `env`. It creates a client at the first call,
 * and for an `env` in which the options function would read other values. Concurrent requests share
 * a token refresh only if they use the same client.
 */
export const createClientCache = <E extends Env>(
  optionsFrom: (env: E['Bindings']) => Options<E>,
): ((env: E['Bindings']) => Client<E>) => {
  const cached: CachedClient<E>[] = []

  const create = (env: object): CachedClient<E> => {
    const bindings = observeBindings(env)
    try {
      const options = bindings.callWith(optionsFrom)
      // The default store is memory, which the instances of a Worker do not share.
      if (!options?.store)
        throw configurationError('The option `store` is missing.', 'Use a Durable Object.')
      const { clientId } = options
      const others = cached.filter((other) => other.clientId === clientId)
      if (others.length >= maxClients) throw tooManyClients(clientId, others.at(-1)!.bindings, env)
      return { client: createClient(options), clientId, bindings }
    } catch (error) {
      throw withMissingBindings(error, env, bindings)
    }
  }
  return (env) => {
    // Some servers pass no bindings, for example `hono/vercel`.
    const key: object = typeof env === 'object' && env !== null ? env : noBindings
    let entry = cached.find(({ bindings }) => bindings.share(key))
    if (!entry) {
      entry = create(key)
      cached.push(entry)
    }
    return entry.client
  }
}

const noBindings = Object.freeze({})

const tooManyClients = (clientId: string, last: ObservedBindings, env: object) =>
  configurationError(
    `The options function has read ${quote(last.changes(env))} from the bindings, and the values ` +
      `differ. There are already ${maxClients} clients of ${clientId} with other values.`,
    'Read only bindings that stay the same for all requests, and create the store once, outside ' +
      'of the request. In tests, create an app for each set of bindings.',
  )

/** Names the bindings that the options function needed and did not get. */
const withMissingBindings = (error: unknown, env: object, bindings: ObservedBindings): unknown => {
  const missing = bindings.missing()
  if (missing.length === 0) return error
  const isInvalidOption = isRecruitOAuthError(error) && error.code === 'configuration-invalid'
  if (!isInvalidOption && env !== noBindings) return error
  return configurationError(
    isInvalidOption ? error.summary : 'The options function failed, and there are no bindings.',
    `${isInvalidOption ? `${error.hint} ` : ''}The options function has read ${quote(missing)}, ` +
      'and the bindings of this request do not have them. On Cloudflare, set them with `wrangler ' +
      'secret put`, or in `.dev.vars` for development. Other runtimes have no secrets in the ' +
      'bindings: read `process.env` there, and use `zohoRecruit` with an object.',
  )
}

const quote = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ')
