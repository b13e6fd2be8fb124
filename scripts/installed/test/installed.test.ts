import { existsSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { dependenciesOf } from '../../shipped/dependencies.ts'
import { packages, readManifest, root } from '../../shipped/packages.ts'
import { readPins } from '../../shipped/pins.ts'
import { compileWith5, compileWith7, type CompileErrors } from '../compile.ts'
import { install, managers, type Manager } from '../project.ts'
import { run } from '../run.ts'
import { settingsFor, type Runtime } from '../settings.ts'
import { runtimeOf } from '../sources.ts'
import { runInWorkerd } from '../workerd.ts'

const projects = Object.keys(managers) as Manager[]
const formats = ['esm', 'cjs'] as const
type Runs = readonly (readonly [
  format: (typeof formats)[number],
  manager: Manager,
  where: string,
  node: string,
])[]

const currentNode = `Node ${process.versions.node.split('.')[0]}`
const node22 = join(root, 'packages/oauth-hono/test/runtimes/node_modules/node-22/bin/node')
const runsOf = (runtime: Runtime): Runs =>
  formats.flatMap((format): Runs => {
    if (runtime === 'workerd' && format === 'esm')
      return [
        [format, 'npm', 'workerd', ''],
        [format, 'pnpm', 'workerd', ''],
      ]
    return [
      [format, 'npm', currentNode, process.execPath],
      [format, 'pnpm', currentNode, process.execPath],
      [format, 'npm', 'Node 22', node22],
    ]
  })

// Tests one package at a time, with its two projects in parallel: npm installs the newest peers,
// pnpm the oldest.
describe.each(packages.map((each) => [each.manifest.name, each] as const))(
  '%s',
  { timeout: 60_000 },
  (name, each) => {
    const folders = {} as Record<Manager, string>
    const runtime = runtimeOf(each)
    let compileErrors: CompileErrors

    beforeAll(async () => {
      for (const manager of projects)
        folders[manager] = await mkdtemp(join(tmpdir(), `zrecruit-installed-${manager}-`))
      await settleAll(
        projects.map((manager) => install(each, manager, folders[manager], inject('registry'))),
      )
      const [five, seven] = await settleAll([
        compileWith5(folders.npm, runtime),
        compileWith7(folders.pnpm, runtime),
      ])
      compileErrors = { ...five, ...seven }
      for (const format of formats)
        await cp(join(folders.npm, format), join(folders.pnpm, format), { recursive: true })
    }, 120_000)
    afterAll(() =>
      Promise.all(
        Object.values(folders).map((folder) => rm(folder, { recursive: true, force: true })),
      ),
    )

    it.each(projects)(
      'P1, P2: installs the pinned dependencies without an install script, with %s',
      (manager) => {
        const folder = join(folders[manager], 'node_modules', name)
        const dependencies = dependenciesOf(folder)
        expect(dependencies.map((dependency) => dependency.name)).toEqual(
          readPins(each)?.dependencies,
        )
        for (const { scripts } of [readManifest(join(folder, 'package.json')), ...dependencies])
          expect(
            Object.keys(scripts ?? {}).filter((script) => /^(pre|post)?install$/.test(script)),
          ).toEqual([])
        expect(existsSync(join(folder, 'binding.gyp'))).toBe(false) // npm would build it
      },
    )

    it.each(Object.keys(settingsFor(runtime)))('compiles with %s', (setting) => {
      expect(compileErrors[setting]).toEqual([])
    })

    it.concurrent.each(runsOf(runtime))(
      'works as %s, installed with %s, on %s',
      async (format, manager, where, node) => {
        const folder = join(folders[manager], format)
        const { code, stdout, stderr } = await (where === 'workerd'
          ? runInWorkerd(each, folder)
          : run(node, ['program.js'], folder))
        expect(code === 0 ? stdout : `${stdout}${stderr}`).toContain('it works\n')
      },
    )

    const commands = Object.keys(each.manifest.bin ?? {}).flatMap((command) =>
      projects.map((manager) => [command, manager] as const),
    )
    it.each(commands)('%s answers --help, installed with %s', async (command, manager) => {
      const { code, stdout, stderr } = await run(
        join(folders[manager], 'node_modules/.bin', command),
        ['--help'],
        folders[manager],
      )
      expect(code === 0 ? stdout : `${stdout}${stderr}`).toContain(`${command}: `)
    })
  },
)

/**
 * Waits for all promises, even if one rejects. Otherwise the other work would still write into
 * folders that are being removed.
 */
const settleAll = async <T>(work: readonly Promise<T>[]): Promise<T[]> => {
  await Promise.allSettled(work)
  return Promise.all(work)
}
