import { describe, expect, it } from 'vitest'
import { describeStore, storeCases } from '../src/index.ts'
import { memory, sqlite, sqliteInMemory } from './stores/subjects.ts'

describe('M18: memory and SQLite', () => {
  for (const subject of [memory, sqlite, sqliteInMemory]) describeStore(subject, { describe, it })
})

it('has at least sixty cases, each with an id of its own', () => {
  expect(storeCases.length).toBeGreaterThanOrEqual(60)
  expect(new Set(storeCases.map(({ id }) => id)).size).toBe(storeCases.length)
  for (const { id } of storeCases) expect(id).toMatch(/^[a-z]+(-[a-z0-9]+)*$/)
})
