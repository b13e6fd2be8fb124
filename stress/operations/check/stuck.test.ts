import { describe, expect, test } from 'vitest'
import { finalState, firstConsent, violationsOf } from './test-history.ts'

describe('3: a violation is a record that is stuck', () => {
  test('a pending row', () => {
    expect(violationsOf({ operations: [firstConsent()], pending: ['c'] })).toEqual([
      '3: The row c is still pending.',
    ])
  })

  test.each(['consent', 'fetch', 'refresh', 'revoke', 'status'])('%s fails', (name) => {
    const rest = finalState({
      afterwards: { ...finalState().afterwards, [name]: 'store-contended' },
    })
    expect(violationsOf({ operations: [firstConsent()], rest })).toEqual([
      `3: c at rest cannot be used: ${name} gives store-contended.`,
    ])
  })

  test('a rotation that failed', () => {
    expect(violationsOf({ operations: [firstConsent()], failures: ['deploy: no'] })).toEqual([
      '3: deploy: no',
    ])
  })
})
