import { describe, it } from 'node:test'
import { describeAdapter, describeStore } from '../src/index.ts'
import { reference } from './reference.ts'
import { sqliteInMemory } from './stores/subjects.ts'

// Run by `node --test`: the runner is Node's own.
describeAdapter(reference('node:test'), { describe, it })
describeStore(sqliteInMemory, { describe, it })
