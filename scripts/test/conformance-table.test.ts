import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, expect, it } from 'vitest'
import { startVitest } from 'vitest/node'
import { ConformanceTable } from '../conformance-table.ts'

const folder = mkdtempSync(join(tmpdir(), 'zrecruit-table-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs these test files with only this reporter. Returns the output. */
const print = async (files: Record<string, string>): Promise<string> => {
  for (const [name, code] of Object.entries(files)) writeFileSync(join(folder, name), code)
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  stderr.resume()
  const exitCode = process.exitCode
  const vitest = await startVitest(
    'test',
    [],
    {
      root: folder,
      config: false,
      watch: false,
      globals: true,
      reporters: [new ConformanceTable()],
      include: Object.keys(files),
    },
    {},
    { stdout, stderr },
  )
  await vitest.close()
  process.exitCode = exitCode // The failing case has changed it.
  stdout.end()
  return text(stdout)
}

it('has one row for each adapter, sorted by name, across all files', async () => {
  const table = await print({
    'a.test.js': `
      describe('adapters', () => {
        describe('conformance: Koa 10', () => {
          it('fails', () => expect(1).toBe(2))
          it('passes', () => {})
        })
        describe('conformance: Koa 2', () => {
          describe('callback', () => {
            it('passes', () => {})
            it.skip('waits', () => {})
          })
        })
      })
      it('is no case', () => {})`,
    'b.test.js': `
      describe('conformance: Koa 2', () => { it('passes', () => {}) })
      describe('conformance: a framework with a long name', () => {
        beforeAll(() => { throw new Error('does not start') })
        it('never runs', () => {})
      })`,
  })
  expect(table.trim().split('\n')).toEqual([
    'conformance                     cases   passed   failed  skipped',
    'a framework with a long name        1        0        0        1',
    'Koa 2                               3        2        0        1',
    'Koa 10                              2        1        1        0',
  ])
})

it('prints no table if no conformance suite ran', async () => {
  expect(await print({ 'c.test.js': `it('is no case', () => {})` })).toBe('')
})
