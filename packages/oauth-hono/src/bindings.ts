import { configurationError } from './configuration-error.ts'

/**
 * The bindings of one client. They record which properties the options function has read, so that
 * requests with another `env` object can share the client if these properties are the same.
 *
 * Many runtimes create an `env` for each request: AWS Lambda, Netlify, Node, Deno, Cloudflare
 * Pages, and apps that call `app.fetch(request, { ...process.env })`. Each of these objects has
 * properties of its request, such as `event` or `incoming`, beside those that never change.
 */
export interface ObservedBindings {
  /** The argument of the options function. */
  readonly view: object
  /** The names that were read and are not in the bindings. */
  missing(): readonly string[]
  /** The names that were read and have another value in this `env`. */
  changes(env: object): readonly string[]
  /** Lets requests with this `env` use the client too, if no property that was read differs. */
  share(env: object): boolean
}

export const observeBindings = (env: object): ObservedBindings => {
  const read = new Set<PropertyKey>()
  let areKeysRead = false
  let isShared = false
  /** The properties of a request: they differ between the objects that share the client. */
  const perRequest = new Set<PropertyKey>()

  // A function in the options may read the bindings later, for example `connectionFor`. It would
  // get the value of the first request, which can be another user's.
  const record = (key: PropertyKey): void => {
    // Only own properties are compared when a client is shared.
    const isInherited = key in env && !Object.hasOwn(env, key) && !(key in Object.prototype)
    if (perRequest.has(key) || (isShared && isInherited && !read.has(key)))
      throw configurationError(
        `A function of the options has read \`${String(key)}\` from the bindings. Its value is ` +
          'another one in each request.',
        'Read it from the bindings of the request: `connectionFor: (c) => … c.env …`.',
      )
    read.add(key)
  }
  const view = new Proxy(env, {
    get(target, key) {
      record(key)
      return Reflect.get(target, key) as unknown
    },
    has(target, key) {
      record(key)
      return Reflect.has(target, key)
    },
    getOwnPropertyDescriptor(target, key) {
      record(key)
      return Reflect.getOwnPropertyDescriptor(target, key)
    },
    ownKeys(target) {
      areKeysRead = true
      return Reflect.ownKeys(target)
    },
  })

  const differences = (other: object): PropertyKey[] =>
    [...new Set([...Reflect.ownKeys(env), ...Reflect.ownKeys(other), ...read])].filter(
      (key) => !Object.is(Reflect.get(env, key), Reflect.get(other, key)),
    )
  const changes = (other: object): string[] =>
    differences(other)
      .filter((key) => read.has(key) || areKeysRead)
      .map(String)
  return {
    view,
    missing: () => [...read].filter((key) => Reflect.get(env, key) === undefined).map(String),
    changes,
    share(other) {
      if (changes(other).length > 0) return false
      for (const key of differences(other)) perRequest.add(key)
      isShared = true
      return true
    },
  }
}
