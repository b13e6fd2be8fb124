import { describe, expect, it } from 'vitest'
import { describeStore, storeCases } from '../src/index.ts'
import { memory, sqlite, sqliteInMemory } from './stores/harnesses.ts'

describe('M18: memory and SQLite pass all cases', () => {
  for (const harness of [memory, sqlite, sqliteInMemory]) describeStore(harness, { describe, it })
})

it('there are at least sixty cases with unique ids', () => {
  expect(storeCases.length).toBeGreaterThanOrEqual(60)
  expect(new Set(storeCases.map(({ id }) => id)).size).toBe(storeCases.length)
  for (const { id } of storeCases) expect(id).toMatch(/^[a-z]+(-[a-z0-9]+)*$/)
})
