import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { adapterCases, runAdapterCases, runStoreCases, storeCases } from '../src/index.ts'
import { reference } from './reference.ts'
import { brokenStore, changeList } from './stores/broken/seams.ts'

it('runs under node:test, because the runner is a parameter', () => {
  const file = fileURLToPath(new URL('under-node-test.ts', import.meta.url))
  // Do not pass the variables of vitest to this process.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !name.startsWith('VITEST') && name !== 'NODE_OPTIONS',
    ),
  )
  const output = execFileSync(
    process.execPath,
    ['--conditions=@zrecruit/source', '--test', '--test-reporter=tap', file],
    { encoding: 'utf8', env },
  )
  for (const name of ['node:test', 'SQLite, in memory'])
    expect(output).toContain(`conformance: ${name}`)
  expect(/^# pass (\d+)$/m.exec(output)?.[1]).toBe(String(adapterCases.length + storeCases.length))
  expect(/^# fail (\d+)$/m.exec(output)?.[1]).toBe('0')
}, 60_000)

it('runs the adapter cases without a runner and returns the failures', async () => {
  const broken = reference('silent', {
    failed: (error, request, { zoho }) =>
      request.url.endsWith('/job') ? undefined : zoho.errorResponse(error, request),
  })
  const results = await runAdapterCases(broken)
  expect(results.map(({ id }) => id)).toEqual(adapterCases.map(({ id }) => id))
  expect(
    results
      .filter(({ error }) => error !== undefined)
      .map(({ id, error }) => [id, (error as Error).message]),
  ).toEqual([
    [
      'library-error',
      expect.stringContaining(
        'a problem document with not-connected: status and type: expected ' +
          '[401,"application/problem+json"], and it was [500,',
      ),
    ],
  ])
}, 60_000)

it('runs the store cases without a runner and returns the failures', async () => {
  const results = await runStoreCases(
    brokenStore(changeList((rows, { principal }) => (principal === '1' ? [] : rows))),
  )
  expect(results.map(({ id }) => id)).toEqual(storeCases.map(({ id }) => id))
  expect(
    results
      .filter(({ error }) => error !== undefined)
      .map(({ id, error }) => [id, (error as Error).message]),
  ).toEqual([
    [
      'ids-unicode-forms',
      expect.stringContaining(
        'the ids in {"principal":"1","limit":10}: expected ["1"], and it was []',
      ),
    ],
    [
      'ids-like-numbers',
      expect.stringContaining(
        'the ids in {"principal":"1","limit":10}: expected ["1"], and it was []',
      ),
    ],
  ])
}, 60_000)
