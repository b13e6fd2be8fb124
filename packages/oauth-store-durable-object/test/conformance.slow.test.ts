import { describeStore } from '@zrecruit/oauth-conformance'
import { describe, it } from 'vitest'
import { durableObjects } from './harness.ts'

describe('M18: Durable Objects', () => {
  describeStore(durableObjects('2024-09-23'), { describe, it: it.concurrent })
})
