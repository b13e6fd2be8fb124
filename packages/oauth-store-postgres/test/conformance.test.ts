import { describeStore, storeInProcess } from '@zrecruit/oauth-conformance'
import { describe, inject, it } from 'vitest'
import { poolOn, subject } from './subject.ts'

const sharedUrl = () => inject('postgres')

describeStore(
  subject('PostgreSQL', poolOn(sharedUrl), (schema) =>
    storeInProcess(new URL('remote.ts', import.meta.url), { url: sharedUrl(), schema }),
  ),
  { describe, it },
)
