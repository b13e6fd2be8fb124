// What is used of Cloudflare's runtime, as structure: an app may have `@cloudflare/workers-types`,
// the types that wrangler generates, or neither.

/**
 * A binding to the class that `zohoConnectionObject` made, such as `env.ZOHO_CONNECTIONS`; one with
 * a jurisdiction, too.
 */
export interface ConnectionNamespace {
  idFromName(name: string): object
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
