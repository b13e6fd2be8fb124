import { describeStore, storeInProcess } from '@zrecruit/oauth-conformance'
import { describe, inject, it } from 'vitest'
import { poolOn, postgresHarness } from './harness.ts'

const sharedUrl = () => inject('postgres')

describeStore(
  postgresHarness('PostgreSQL', poolOn(sharedUrl), (schema) =>
    storeInProcess(new URL('remote.ts', import.meta.url), { url: sharedUrl(), schema }),
  ),
  { describe, it },
)
