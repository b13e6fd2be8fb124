export { hasPgBouncer, startPgBouncer } from './pgbouncer.ts'
export { postgresDatabase } from './postgres-database.ts'
export { startPostgres } from './postgres.ts'
export type { Service } from './service.ts'
