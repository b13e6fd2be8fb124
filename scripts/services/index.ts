export { startPostgres } from './postgres.ts'
export type { Service } from './service.ts'
