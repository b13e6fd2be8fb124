import { describe, it } from 'node:test'
import { describeAdapter, describeStore } from '../src/index.ts'
import { reference } from './reference.ts'
import { sqliteInMemory } from './stores/harnesses.ts'

// Run by `node --test` with Node's test runner.
describeAdapter(reference('node:test'), { describe, it })
describeStore(sqliteInMemory, { describe, it })
