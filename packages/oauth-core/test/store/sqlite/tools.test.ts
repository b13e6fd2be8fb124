import { globSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { transformSync } from 'esbuild'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { sqliteStore } from '../../../src/store/sqlite/index.ts'
import { runBundledStore } from './bundled-store.ts'
import { temporaryDirectory, temporaryFile } from './temporary.ts'

it('works in a bundle from which the tool has removed the prefix `node:`', async () => {
  const { code, output } = await runBundledStore(temporaryDirectory(), 'node12')
  expect(code).toContain('require("fs")')
  expect(output).toBe('one')
})

it('no package imports a module of Node that has no name without the prefix `node:`', () => {
  const packages = join(import.meta.dirname, '../../../../')
  const files = globSync('*/src/**/*.ts', { cwd: packages })
  expect(files.length).toBeGreaterThan(200)
  const nodeModules = files.flatMap((file) => {
    // The transformation removes type imports.
    const { code } = transformSync(readFileSync(join(packages, file), 'utf8'), { loader: 'ts' })
    return [...code.matchAll(/(?:from|import|import\() ?"(node:[^"]+)"/g)].map(([, name]) => name!)
  })
  expect(nodeModules).toContain('node:fs')
  const unprefixed = nodeModules.map((name) => name.slice('node:'.length))
  expect(unprefixed.filter((name) => !builtinModules.includes(name))).toEqual([])
})

describe('a runtime without node:sqlite', () => {
  afterEach(() => {
    vi.restoreAllMocks()
    vi.unstubAllGlobals()
  })
  const expectRefusal = (runtime: string) =>
    expect(() => sqliteStore(temporaryFile())).toThrow(
      expect.objectContaining({
        code: 'configuration-invalid',
        message:
          'sqliteStore needs Node 22.13 or newer, or another runtime that has the module ' +
          `node:sqlite. This is ${runtime}. Update the runtime, or use another store.`,
      }) as Error,
    )

  it.each([
    [{ node: '20.11.0' }, 'Node 20.11.0'],
    [{ node: '22.6.0', bun: '1.2.0' }, 'Bun 1.2.0'],
    [{ node: '22.6.0', deno: '2.1.0' }, 'Deno 2.1.0'],
  ])('is named in the error: %j', (versions, runtime) => {
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined)
    vi.spyOn(process, 'versions', 'get').mockReturnValue(versions as NodeJS.ProcessVersions)
    expectRefusal(runtime)
  })

  it('is named in the error: without getBuiltinModule, and without process', () => {
    vi.stubGlobal('process', { versions: { node: '20.9.0' } })
    expect(() => sqliteStore('zoho.db')).toThrow('This is Node 20.9.0.')
    vi.stubGlobal('process', undefined)
    expect(() => sqliteStore('zoho.db')).toThrow('This is a runtime without `process`.')
  })
})
