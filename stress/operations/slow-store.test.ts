import type { ConnectionStore } from '@zrecruit/oauth-core'
import { expect, test } from 'vitest'
import { slowStore } from './slow-store.ts'

const storeThatReads = (read: ConnectionStore['read']): ConnectionStore => ({
  read,
  write: () => Promise.reject(new Error('not used')),
  list: () => Promise.reject(new Error('not used')),
})

test('a read that hangs in a frozen store is reported before it ends', async () => {
  let thaw = (): void => {}
  const thawed = new Promise<{ readonly asOf: number }>((resolve) => {
    thaw = () => resolve({ asOf: 1 })
  })
  let response: Promise<unknown> = Promise.resolve()
  const reported = await new Promise<string>((resolve) => {
    const { store } = slowStore(
      storeThatReads(() => thawed),
      () => 0,
      resolve,
    )
    response = store.read('c1')
  })
  expect(reported).toBe('read')
  thaw()
  expect(await response).toEqual({ asOf: 1 })
})

test('a read that fails is reported', async () => {
  const reports: string[] = []
  const broken = storeThatReads(() => Promise.reject(new Error('the store is gone')))
  const { store } = slowStore(
    broken,
    () => 0,
    (doing) => reports.push(doing),
  )

  await expect(store.read('c1')).rejects.toThrow('the store is gone')
  expect(reports).toEqual(['read'])
})
