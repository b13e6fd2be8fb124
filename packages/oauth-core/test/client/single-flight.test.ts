import { expect, it } from 'vitest'
import { RecruitOAuthError } from '../../src/index.ts'
import { createSingleFlight } from '../../src/client/tokens/single-flight.ts'

const onTimeout = (): never => {
  throw new RecruitOAuthError('refresh-timed-out')
}

/** A single flight whose work the test settles: `starts` has one entry for each start. */
const createFlight = (longestMs = 1_000) => {
  let now = 0
  const starts: { resolve: (value: string) => void; reject: (error: Error) => void }[] = []
  const share = createSingleFlight<string>(() => now, longestMs)
  return {
    starts,
    advance: (ms: number) => void (now += ms),
    drop: (id = 'acme') => share.drop(id),
    ask: (id = 'acme', key = 'key') =>
      share.join({
        id,
        key,
        start: () => new Promise((resolve, reject) => void starts.push({ resolve, reject })),
        waitUntil: () => {},
        onTimeout,
      }),
  }
}

it('work is shared by concurrent callers, and starts again for later callers', async () => {
  const { starts, ask } = createFlight()
  const all = [ask(), ask(), ask()]
  starts[0]?.resolve('first')
  expect(await Promise.all(all)).toEqual(['first', 'first', 'first'])
  const next = ask()
  starts[1]?.resolve('second')
  expect([await next, starts.length]).toEqual(['second', 2])
})

it('an error of the library rejects all callers', async () => {
  const { starts, ask } = createFlight()
  const all = Promise.allSettled([ask(), ask()])
  starts[0]?.reject(new RecruitOAuthError('throttled'))
  expect(
    (await all).map((one) => one.status === 'rejected' && (one.reason as RecruitOAuthError).code),
  ).toEqual(['throttled', 'throttled'])
  expect(starts).toHaveLength(1)
})

it('work that the runtime ended with its request starts once again for the joiners', async () => {
  const { starts, ask } = createFlight()
  const leader = ask().catch((error: unknown) => String(error))
  const joiners = [ask(), ask(), ask()]
  starts[0]?.reject(new Error('This promise was created by a request that has since completed'))
  expect(await leader).toContain('has since completed')
  expect(starts).toHaveLength(2)
  starts[1]?.resolve('by a joiner')
  expect(await Promise.all(joiners)).toEqual(['by a joiner', 'by a joiner', 'by a joiner'])
  expect(starts).toHaveLength(2)
})

it('work that never ends is not joined, and its callers time out', async () => {
  const { starts, ask, advance } = createFlight(50)
  const all = Promise.allSettled([ask(), ask()])
  expect(
    (await all).map((one) => one.status === 'rejected' && (one.reason as RecruitOAuthError).code),
  ).toEqual(['refresh-timed-out', 'refresh-timed-out'])
  advance(50)
  const next = ask()
  starts[1]?.resolve('second')
  expect(await next).toBe('second')
})

it('G15: dropped work is not joined, but callers that joined before get its result', async () => {
  const { starts, ask, drop } = createFlight()
  const other = ask('globex')
  const before = [ask(), ask()]
  drop()
  const after = [ask(), ask()]
  expect(starts).toHaveLength(3)
  starts[1]?.resolve('old')
  expect(await Promise.all(before)).toEqual(['old', 'old'])
  // The end of the dropped work does not remove the later work.
  after.push(ask())
  starts[2]?.resolve('new')
  expect([await Promise.all(after), starts.length]).toEqual([['new', 'new', 'new'], 3])
  const joined = ask('globex')
  starts[0]?.resolve('of another connection')
  expect([await other, await joined]).toEqual(['of another connection', 'of another connection'])
})
