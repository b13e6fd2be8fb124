import { configurationError } from './configuration-error.ts'

/**
 * The bindings of one client. They record the properties that the options function has read, with
 * their values. Requests whose `env` has the same values of these properties share the client.
 *
 * Many runtimes create an `env` for each request: AWS Lambda, Netlify, Node, Deno, Cloudflare
 * Pages, and apps that call `app.fetch(request, { ...process.env })`. Each of these objects has
 * properties of its request, such as `event` or `incoming`, beside those that never change. And a
 * middleware can set properties of any `env` while other requests run.
 */
export interface ObservedBindings {
  /** Calls the options function with these bindings. */
  callWith<Options>(optionsFrom: (view: object) => Options): Options
  /** The names that were read and are not in the bindings. */
  missing(): readonly string[]
  /** The names that were read and have another value in this `env` now. */
  changes(env: object): readonly string[]
  /**
   * Lets a request with this `env` use the client, if no property that was read differs. Called for
   * each request, because an `env` can change.
   */
  share(env: object): boolean
}

export const observeBindings = (env: object): ObservedBindings => {
  /** The bindings when the client was created. */
  const initial: object = Object.freeze({ ...env })
  /** The properties that were read, with the values that the client uses. */
  const read = new Map<PropertyKey, unknown>()
  let areKeysRead = false
  let isCalled = false
  /** The properties of a request: they differ between the requests that share the client. */
  const perRequest = new Set<PropertyKey>()

  const isChanged = (key: PropertyKey, other: object): boolean => {
    const value: unknown = read.has(key) ? read.get(key) : Reflect.get(initial, key)
    return !Object.is(value, Reflect.get(other, key))
  }

  // A function in the options may read the bindings later, for example `connectionFor`. It would
  // get the value of the first request, which can be another user's. So it gets only values that
  // were the same in each request so far.
  const valueOf = (key: PropertyKey): unknown => {
    if (read.has(key)) return read.get(key)
    if (perRequest.has(key) || (isCalled && isChanged(key, env)))
      throw configurationError(
        `A function of the options has read \`${String(key)}\` from the bindings. Its value can ` +
          'be another one in each request.',
        'Read it from the bindings of the request: `connectionFor: (c) => … c.env …`.',
      )
    const value: unknown = Reflect.get(env, key)
    read.set(key, value)
    return value
  }
  const view = new Proxy(initial, {
    get: (_, key) => valueOf(key),
    has(_, key) {
      valueOf(key)
      return Reflect.has(env, key)
    },
    getOwnPropertyDescriptor(target, key) {
      valueOf(key)
      return Reflect.getOwnPropertyDescriptor(target, key)
    },
    ownKeys(target) {
      for (const key of perRequest) valueOf(key)
      areKeysRead = true
      return Reflect.ownKeys(target)
    },
  })

  const allKeys = (other: object): Set<PropertyKey> =>
    new Set([...read.keys(), ...Reflect.ownKeys(initial), ...Reflect.ownKeys({ ...other })])
  const changes = (other: object): string[] =>
    [...(areKeysRead ? allKeys(other) : read.keys())]
      .filter((key) => isChanged(key, other))
      .map(String)
  return {
    callWith(optionsFrom) {
      const options = optionsFrom(view)
      isCalled = true
      return options
    },
    missing: () => [...read.keys()].filter((key) => read.get(key) === undefined).map(String),
    changes,
    share(other) {
      if (changes(other).length > 0) return false
      for (const key of allKeys(other)) if (isChanged(key, other)) perRequest.add(key)
      return true
    },
  }
}
