import { describeStore, runStoreCase, storeCases } from '@zrecruit/oauth-conformance'
import {
  hasPgBouncer,
  startPgBouncer,
  startPostgres,
  type Service,
} from '@zrecruit/testing/services'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { poolOn, subject } from './subject.ts'

describe.each(['repeatable read', 'serializable'])('where transactions are %s', (level) => {
  const pool = poolOn(() => inject('postgres'), {
    options: `-c default_transaction_isolation=${level.replace(' ', '\\ ')}`,
  })
  const atOnce = storeCases.filter(({ id }) =>
    ['first-of-fifty', 'replaced-or-removed', 'ten-count', 'made-again-often'].includes(id),
  )
  it('there are cases', () => expect(atOnce).toHaveLength(4))
  it.each(atOnce)('$id: $title', (one) => runStoreCase(subject(level, pool), one))
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
    subject(
      'PostgreSQL, behind PgBouncer in transaction mode',
      poolOn(() => bouncer?.url ?? ''),
    ),
    { describe, it },
  )
})
