const brand = Symbol.for('@zrecruit/oauth/secret')
const inspect = Symbol.for('nodejs.util.inspect.custom')
const redacted = '[secret]'

/**
 * A string that is not printed by accident. Logs, JSON, template literals, inspection and
 * structured clones show `[secret]` or nothing. The class does not protect the value from code that
 * can read the memory of the process.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
    Object.defineProperty(this, brand, { value: true })
  }

  /** Returns the value. Search for calls of this method to find all uses of secrets. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return redacted
  }

  toJSON(): string {
    return redacted
  }

  [inspect](): string {
    return redacted
  }
}

/** Is the value a `Secret`? A `Secret` of another copy of this package is accepted too. */
export const isSecret = (value: unknown): value is Secret =>
  typeof value === 'object' && value !== null && brand in value
