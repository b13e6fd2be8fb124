import { expect, it } from 'vitest'
import { claim, flood, gzipBomb } from './bombs.ts'
import { callEndpoint, callTo, inWords } from './calls.ts'
import { serving } from './server.ts'

const mebibyte = 1 << 20

it.each([
  ['50 MB', flood(50 * mebibyte)],
  [
    '50 MB with a Content-Length of 10 GB',
    flood(50 * mebibyte, { 'content-length': String(10 * 1024 ** 3) }),
  ],
  ['a gzip of 1 MB with 1 GiB inside', gzipBomb],
])('T4: %s costs little memory', async (_, reply) => {
  const server = await serving(reply)
  const call = callTo(server.origin)
  const before = process.memoryUsage().rss
  expect(inWords(await callEndpoint.refresh(call))).toBe('malformed_response after 1')
  // Reading all of it would take a gigabyte.
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * mebibyte)
})

it('T4: a short body with a Content-Length of 10 GB ends at the deadline', async () => {
  const server = await serving(claim)
  const before = process.memoryUsage().rss
  expect(inWords(await callEndpoint.refresh(callTo(server.origin, { deadlineMs: 300 })))).toBe(
    'timed_out after 1',
  )
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * mebibyte)
})
