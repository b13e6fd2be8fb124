import { createRecord } from '@zrecruit/testing/records'
import { expect, it } from 'vitest'
import { memoryStore } from '../../src/store/memory.ts'

it('takes its time from the injected clock, in whole milliseconds', async () => {
  const store = memoryStore({ now: () => 1234.9 })
  expect(await store.read('acme')).toEqual({ asOf: 1234 })
  expect(await store.write('acme', createRecord(), 'absent')).toEqual({ written: true, asOf: 1234 })
})

it('shares no state between two stores', async () => {
  await memoryStore().write('acme', createRecord(), 'absent')
  expect((await memoryStore().read('acme')).record).toBeUndefined()
})
