import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { adapterCases, runAdapterCases } from '../src/index.ts'
import { reference } from './reference.ts'

it('runs under node:test, because the runner is handed in', () => {
  const file = fileURLToPath(new URL('under-node-test.ts', import.meta.url))
  // What vitest tells its workers is not for this process.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST') && name !== 'NODE_OPTIONS'))
  const output = execFileSync(process.execPath, ['--conditions=@zrecruit/source', '--test', '--test-reporter=tap', file], { encoding: 'utf8', env })
  expect(output).toContain('conformance: node:test')
  expect(/^# pass (\d+)$/m.exec(output)?.[1]).toBe(String(adapterCases.length))
  expect(/^# fail (\d+)$/m.exec(output)?.[1]).toBe('0')
}, 60_000)

it('runs without a runner, and says what it found', async () => {
  const broken = reference('silent', { failed: (error, request, { zoho }) => (request.url.endsWith('/job') ? undefined : zoho.respondTo(error, request)) })
  const results = await runAdapterCases(broken)
  expect(results.map(({ id }) => id)).toEqual(adapterCases.map(({ id }) => id))
  expect(results.filter(({ error }) => error !== undefined).map(({ id, error }) => [id, (error as Error).message])).toEqual([
    ['library-error', expect.stringContaining('a problem document with not-connected: status and type: expected [401,"application/problem+json"], and it was [500,')],
  ])
}, 60_000)
