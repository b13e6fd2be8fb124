// Structural types for the parts of Cloudflare's runtime that the store uses. An app may have
// `@cloudflare/workers-types`, the types that wrangler generates, or neither.

/**
 * A binding to the class that `zohoConnectionObject` has created, such as `env.ZOHO_CONNECTIONS`,
 * with or without a jurisdiction.
 */
export interface ConnectionNamespace {
  idFromName(name: string): object
  /** `never` is assignable to every type of `id`, so each version of Cloudflare's types fits. */
  get(id: never): object
}

export interface ObjectStorage {
  readonly sql: {
    exec(
      statement: string,
      ...values: readonly SqlValue[]
    ): { toArray(): Record<string, unknown>[] }
  }
  transactionSync<T>(work: () => T): T
  setAlarm(at: number): Promise<void>
  deleteAlarm(): Promise<void>
  deleteAll(): Promise<void>
}

export type SqlValue = string | number | null

export interface ObjectState {
  readonly storage: ObjectStorage
  waitUntil(work: Promise<unknown>): void
}
