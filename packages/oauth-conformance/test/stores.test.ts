import { describe, expect, it } from 'vitest'
import { describeStore, storeCases } from '../src/index.ts'
import { memory, sqlite } from './stores/subjects.ts'

describeStore(memory, { describe, it })
describeStore(sqlite, { describe, it })

it('has cases, each with an id of its own', () => {
  expect(new Set(storeCases.map(({ id }) => id)).size).toBe(storeCases.length)
  for (const { id } of storeCases) expect(id).toMatch(/^[a-z]+(-[a-z0-9]+)*$/)
})
