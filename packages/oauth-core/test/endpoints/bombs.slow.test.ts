import { expect, it } from 'vitest'
import { claim, flood, gzipBomb } from './bombs.ts'
import { asked, callTo, inWords } from './calls.ts'
import { serving } from './server.ts'

const mebibyte = 1 << 20

it.each([
  ['50 MB', flood(50 * mebibyte)],
  [
    '50 MB that claim to be 10 GB',
    flood(50 * mebibyte, { 'content-length': String(10 * 1024 ** 3) }),
  ],
  ['a gzip of 1 MB that holds 1 GiB', gzipBomb],
])('T4: %s cost little time and memory', async (_, reply) => {
  const server = await serving(reply)
  const call = callTo(server.origin)
  const [startedAt, before] = [performance.now(), process.memoryUsage().rss]
  expect(inWords(await asked.refresh(call))).toBe('malformed_response after 1')
  // The machine may be busy; read to its end, it would be seconds and a gigabyte.
  expect(performance.now() - startedAt).toBeLessThan(1_000)
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * mebibyte)
})

it('T4: a claim of 10 GB with little behind it ends at the deadline, and reserves nothing', async () => {
  const server = await serving(claim)
  const before = process.memoryUsage().rss
  expect(inWords(await asked.refresh(callTo(server.origin, { deadlineMs: 300 })))).toBe(
    'timed_out after 1',
  )
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * mebibyte)
})
