export { sqliteStore } from '@zrecruit/oauth-core/sqlite'
