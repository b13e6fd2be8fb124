import { describe, it } from 'vitest'
import { describeAdapter } from '../src/index.ts'
import { express5 } from './express.ts'

describeAdapter(express5, { describe, it })
