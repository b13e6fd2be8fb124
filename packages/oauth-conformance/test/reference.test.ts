import { describe, expect, it } from 'vitest'
import { adapterCases, describeAdapter } from '../src/index.ts'
import { reference } from './reference.ts'

describeAdapter(reference('node:http'), { describe, it })

it('there are at least sixty cases with unique ids', () => {
  expect(adapterCases.length).toBeGreaterThanOrEqual(60)
  expect(new Set(adapterCases.map(({ id }) => id)).size).toBe(adapterCases.length)
  for (const { id } of adapterCases) expect(id).toMatch(/^[a-z]+(-[a-z0-9]+)*$/)
})
