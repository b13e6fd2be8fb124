import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'

const run = promisify(execFile)
const packages = fileURLToPath(new URL('../..', import.meta.url))
const recipe = fileURLToPath(new URL('../../../examples/recipes/nestjs-tests', import.meta.url))

/** Packs the package as for publishing. `pnpm build` must have built it. */
const pack = async (name: string, into: string): Promise<string> => {
  await stat(join(packages, name, 'dist')).catch(() => {
    throw new Error(`packages/${name}/dist is missing: run \`pnpm build\` first.`)
  })
  const { stdout } = await run(
    'npx',
    ['-y', 'pnpm@12.21.0', 'pack', '--json', '--pack-destination', into],
    { cwd: join(packages, name) },
  )
  return basename((JSON.parse(stdout) as { filename: string }).filename)
}

it('works in a new NestJS 11 project with Jest and ts-jest, without configuration', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'zrecruit-nest-new-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await cp(fileURLToPath(new URL('commonjs-jest', import.meta.url)), folder, { recursive: true })
  // The tests of docs/recipes/nestjs-tests.md, which are for Jest.
  for (const file of await readdir(recipe))
    if (file.endsWith('.ts')) await cp(join(recipe, file), join(folder, 'src/recipe', file))
  await rename(join(folder, 'tsconfig.template.json'), join(folder, 'tsconfig.json'))
  const template = JSON.parse(await readFile(join(folder, 'package.template.json'), 'utf8')) as {
    dependencies: object
    devDependencies: object
  }
  const [core, nestjs, emulator] = [
    await pack('oauth-core', folder),
    await pack('oauth-nestjs', folder),
    await pack('oauth-emulator', folder),
  ]
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({
      ...template,
      // Core is listed because it is not in a registry here.
      dependencies: {
        ...template.dependencies,
        '@zrecruit/oauth-core': `file:${core}`,
        '@zrecruit/oauth-nestjs': `file:${nestjs}`,
      },
      devDependencies: {
        ...template.devDependencies,
        '@zrecruit/oauth-emulator': `file:${emulator}`,
      },
    }),
  )
  await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline'], {
    cwd: folder,
  })
  const { stderr } = await run('npx', ['jest', '--ci'], { cwd: folder }).catch(
    (error: { stdout: string; stderr: string }) =>
      Promise.reject(new Error(`${error.stdout}\n${error.stderr}`)),
  )
  expect(stderr).toMatch(/Tests: +8 passed, 8 total/)
}, 300_000)
