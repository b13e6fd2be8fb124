import { describeStore } from '@zrecruit/oauth-conformance'
import { describe, it } from 'vitest'
import { durableObjects } from './harness.ts'

describe('M18: Durable Objects', () => {
  describeStore(durableObjects('2026-11-01'), { describe, it: it.concurrent })
})
