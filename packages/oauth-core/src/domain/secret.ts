const brand = Symbol.for('@zrecruit/oauth/secret')
const inspect = Symbol.for('nodejs.util.inspect.custom')
const redacted = '[secret]'

/**
 * A string that does not print: logs, JSON, template literals, inspection and structured clones get
 * `[secret]` or nothing. It keeps accidents from happening; it does not keep the value from someone
 * who can read the process's memory.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
    Object.defineProperty(this, brand, { value: true })
  }

  /** The value itself. Every call of this is a place where a secret leaves its type. */
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

/** Is it a `Secret`, from whichever copy of this package? */
export const isSecret = (value: unknown): value is Secret =>
  typeof value === 'object' && value !== null && brand in value
