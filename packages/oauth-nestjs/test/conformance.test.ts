import { describeAdapter } from '@zrecruit/oauth-conformance'
import { describe, it } from 'vitest'
import { startApp } from './subject/app.ts'

describeAdapter(
  { name: 'NestJS 12 on Express', start: (settings) => startApp('express', settings) },
  { describe, it },
)
