import { describeStore, runStoreCase, storeCases } from '@zrecruit/oauth-conformance'
import {
  hasPgBouncer,
  startPgBouncer,
  startPostgres,
  type Service,
} from '@zrecruit/testing/services'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { poolOn, postgresHarness } from './harness.ts'

describe.each(['repeatable read', 'serializable'])('where transactions are %s', (level) => {
  const pool = poolOn(() => inject('postgres'), {
    options: `-c default_transaction_isolation=${level.replace(' ', '\\ ')}`,
  })
  const concurrentCases = storeCases.filter(({ id }) =>
    ['first-of-fifty', 'replaced-or-removed', 'ten-count', 'made-again-often'].includes(id),
  )
  it('all four cases with concurrent writes exist', () => expect(concurrentCases).toHaveLength(4))
  it.each(concurrentCases)('$id: $title', (storeCase) =>
    runStoreCase(postgresHarness(level, pool), storeCase),
  )
})

describe.runIf(hasPgBouncer())('behind PgBouncer', () => {
  let [postgres, bouncer]: [Service?, Service?] = []
  beforeAll(async () => {
    postgres = await startPostgres()
    bouncer = await startPgBouncer(postgres)
  })
  afterAll(async () => {
    await bouncer?.stop()
    await postgres?.stop()
  })
  describeStore(
    postgresHarness(
      'PostgreSQL, behind PgBouncer in transaction mode',
      poolOn(() => bouncer?.url ?? ''),
    ),
    { describe, it },
  )
})
