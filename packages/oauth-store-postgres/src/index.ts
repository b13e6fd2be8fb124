export type { PostgresClient } from './client.ts'
export { postgresStore, type PostgresStore, type PostgresStoreOptions } from './postgres-store.ts'
export { postgresSchema } from './schema.ts'
