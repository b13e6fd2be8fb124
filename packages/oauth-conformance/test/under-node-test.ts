import { describe, it } from 'node:test'
import { describeAdapter } from '../src/index.ts'
import { reference } from './reference.ts'

// Run by `node --test`: the runner is Node's own.
describeAdapter(reference('node:test'), { describe, it })
