import { existsSync } from 'node:fs'
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { broughtBy } from '../../shipped/brings.ts'
import { packages, readManifest, root } from '../../shipped/packages.ts'
import { readPins } from '../../shipped/pins.ts'
import { compileWith5, compileWith7, type Complaints } from '../compile.ts'
import { install, managers, type Manager } from '../project.ts'
import { run } from '../run.ts'
import { settingsFor } from '../settings.ts'
import { runtimeOf } from '../sources.ts'
import { runInWorkerd } from '../workerd.ts'

const projects = Object.keys(managers) as Manager[]
const nodes = { 'Node 22': join(root, 'packages/oauth-hono/test/runtimes/node_modules/node-22/bin/node'), 'Node 24': process.execPath }
const formats = ['esm', 'cjs'] as const
const runs = formats.flatMap((format) => [[format, 'npm', 'Node 24'], [format, 'pnpm', 'Node 24'], [format, 'npm', 'Node 22']] as const)

// A package at a time, its two projects at once.
describe.each(packages.map((each) => [each.manifest.name, each] as const))('%s', { timeout: 60_000 }, (name, each) => {
  const folders = {} as Record<Manager, string>
  let complaints: Complaints
  const runtime = runtimeOf(each)

  beforeAll(async () => {
    await Promise.all(projects.map(async (manager) => (folders[manager] = await install(each, manager, inject('registry')))))
    const [five, seven] = await Promise.all([compileWith5(folders.npm, runtime), compileWith7(folders.pnpm, runtime)])
    complaints = { ...five, ...seven }
    for (const format of formats) await cp(join(folders.npm, format), join(folders.pnpm, format), { recursive: true })
  }, 120_000)
  afterAll(() => Promise.all(Object.values(folders).map((folder) => rm(folder, { recursive: true, force: true }))))

  it.each(projects)('P1, P2: brings along what is pinned and has no install script, by %s', (manager) => {
    const folder = join(folders[manager], 'node_modules', name)
    const brought = broughtBy(folder)
    expect(brought.map(({ name }) => name)).toEqual(readPins(each)?.brings)
    for (const { scripts } of [readManifest(join(folder, 'package.json')), ...brought])
      expect(Object.keys(scripts ?? {})).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(pre|post)?install$/)]))
    expect(existsSync(join(folder, 'binding.gyp'))).toBe(false) // npm would build it
  })

  it.each(Object.keys(settingsFor('node')))('compiles with %s', (name) => {
    if (!name.endsWith('node10')) expect(complaints[name]).toEqual([])
    else expect(complaints[name]).toContainEqual(expect.stringMatching(/TS2307: Cannot find module '@zrecruit[^]*Consider updating to 'node16', 'nodenext', or 'bundler'/))
  })

  const inWorkerd = (format: string) => runtime === 'workerd' && format === 'esm'

  it.concurrent.each(runs.filter(([format, , node]) => !(inWorkerd(format) && node === 'Node 22')))('works as %s, installed by %s, on %s', async (format, manager, node) => {
    const folder = join(folders[manager], format)
    const { code, stdout, stderr } = await (inWorkerd(format) ? runInWorkerd(each, folder) : run(nodes[node], ['program.js'], folder))
    expect(code === 0 ? stdout : `${stdout}${stderr}`).toContain('it works\n')
  })

  it.each(projects)('its commands answer --help, installed by %s', async (manager) => {
    for (const command of Object.keys(each.manifest.bin ?? {}))
      expect(await run(join(folders[manager], 'node_modules/.bin', command), ['--help'], folders[manager])).toMatchObject({ code: 0, stdout: expect.stringContaining(command) })
  })
})
