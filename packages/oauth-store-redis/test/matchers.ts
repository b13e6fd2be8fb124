import type { ConnectionStore } from '@zrecruit/oauth-core'
import { createRecord } from '@zrecruit/testing/records'
import { expect } from 'vitest'

/** Matches an error with this code whose message contains all the words. */
export const errorWith = (code: string, ...words: string[]) => ({
  code,
  message: expect.stringMatching(
    words.map((word) => `(?=.*${word.replace(/[()]/g, '\\$&')})`).join(''),
  ) as string,
})

/** The commands of a store. */
export const runAllCommands = (store: ConnectionStore) => [
  store.write('acme', createRecord(), 'absent'),
  store.write('acme', createRecord(), 'another'),
  store.write('acme', undefined, 'absent'),
  store.read('acme'),
  store.list({ limit: 1 }),
]

/** Expects all calls to be rejected with this error. */
export const expectRefused = async (
  calls: Promise<unknown>[],
  error: ReturnType<typeof errorWith>,
) => {
  const responses = await Promise.allSettled(calls)
  expect(responses).toEqual(
    responses.map(() => ({ status: 'rejected', reason: expect.objectContaining(error) as Error })),
  )
}
