import { deepEqual, equal, match, ok, throws } from 'node:assert/strict'
import { isRecruitOAuthError } from '@zrecruit/oauth-core'
import { postgresSchema, postgresStore } from '@zrecruit/oauth-store-postgres'

const main = async (): Promise<void> => {
  // Nobody listens there.
  process.env.DATABASE_URL = 'postgresql://user:password@127.0.0.1:9/app'
  const { pool, store, zoho } = await import('./readme.js')

  const error = await store.read('acme').catch((reason: unknown) => reason)
  ok(isRecruitOAuthError(error))
  deepEqual([error.code, error.remedy], ['store-unavailable', 'retry'])
  match(error.message, /^PostgreSQL did not respond \(ECONNREFUSED\)\./)
  ok(!error.message.includes('password'))

  const response = await zoho.handle(new Request('https://app.example.com/zoho/connect'))
  equal(response?.status, 503)
  equal(response.headers.get('location'), null)

  throws(() => postgresStore(pool, { schema: 'no name' }), { code: 'configuration-invalid' })
  match(postgresSchema, /zrecruit_connections/)
  await pool.end()
  console.log('it works')
}
void main()
