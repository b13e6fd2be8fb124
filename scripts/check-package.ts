import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readEntryPoints } from './shipped/entry-points.ts'
import {
  filesOf,
  pack,
  packages,
  packedManifest,
  root,
  type Manifest,
  type Package,
} from './shipped/packages.ts'
import { differences, pinsOf, readPins, strayPins, writePins } from './shipped/pins.ts'

// Checks every published package as users get it: it is packed, checked by publint and by "are the
// types wrong?", and every entry point is loaded from `dist` as ESM and as CommonJS. Files,
// dependencies and exports are compared with scripts/shipped/pins.
//
//   node scripts/check-package.ts           fails on a difference, and prints it
//   node scripts/check-package.ts --write   pins the current state
const shouldWrite = process.argv.includes('--write')
const sourceCondition = '@zrecruit/source'

for (const stray of strayPins()) {
  if (shouldWrite) rmSync(stray)
  else fail(`${stray} is pinned for a package that is no longer published`)
}
for (const each of packages) {
  const folder = mkdtempSync(join(tmpdir(), 'zrecruit-pack-'))
  try {
    const tarball = await pack(each, folder)
    for await (const problem of findProblems(each, tarball))
      fail(`${each.manifest.name}: ${problem}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function fail(problem: string): void {
  process.exitCode = 1
  console.error(problem)
}

async function* findProblems(each: Package, tarball: string): AsyncGenerator<string> {
  yield* runTool('publint', ['run', tarball, '--strict'])
  // No rule is ignored, and every module resolution of TypeScript must work.
  yield* runTool('attw', [tarball, '--no-emoji', '--no-color', '--format', 'ascii'])
  const [files, packed, { entryPoints, problems }] = await Promise.all([
    filesOf(tarball),
    packedManifest(tarball),
    readEntryPoints(each),
  ])
  yield* problems
  yield* checkManifest(each.manifest, packed, files)
  const pins = pinsOf(each, files, entryPoints)
  if (shouldWrite) return writePins(each, pins)
  const lines = differences(readPins(each), pins)
  if (lines.length > 0)
    yield (
      'the package differs from its pins. If the change is intended, run ' +
      `\`npx -y pnpm@12.21.0 generate\`.\n${lines.join('\n')}`
    )
}

function* runTool(tool: string, args: string[]): Generator<string> {
  const { status, stdout, stderr } = spawnSync(tool, args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) yield `${tool}\n${stdout}${stderr}`
}

/**
 * Makes the checks that publint and attw lack: `publishConfig` has the entry points of the sources,
 * and only the expected files are packed.
 */
function* checkManifest(
  written: Manifest,
  packed: Manifest,
  files: readonly string[],
): Generator<string> {
  if (JSON.stringify(packed).includes(sourceCondition))
    yield `the condition ${sourceCondition} points to files that are not packed`
  if (JSON.stringify(packed).includes('workspace:') || JSON.stringify(packed).includes('catalog:'))
    yield 'the packed manifest contains workspace: or catalog:'
  for (const entryPoint of new Set([
    ...Object.keys(written.exports),
    ...Object.keys(packed.exports),
  ]))
    if (targetsOf(written.exports[entryPoint]) !== targetsOf(packed.exports[entryPoint]))
      yield `exports and publishConfig.exports differ in '${entryPoint}'`
  const { main, types, typesVersions } = packed
  const expected = withoutExports(packed)
  if (JSON.stringify({ main, types, typesVersions }) !== JSON.stringify(expected))
    yield `publishConfig must have, for tools that ignore exports: ${JSON.stringify(expected)}`
  if (!files.includes('LICENSE')) yield 'LICENSE is not packed'
  for (const file of files)
    if (!/^(dist\/.+|package\.json|LICENSE|README\.md|CHANGELOG\.md)$/.test(file))
      yield `${file} must not be packed`
}

/**
 * The members of the manifest for tools that do not read `exports`, such as TypeScript with
 * `moduleResolution: node10`. They are the files of `require`.
 */
function withoutExports({ exports }: Manifest) {
  const files = Object.entries(exports).flatMap(([entryPoint, target]) =>
    typeof target === 'object'
      ? [[entryPoint, target['require'] as { types: string; default: string }] as const]
      : [],
  )
  const main = files.find(([entryPoint]) => entryPoint === '.')?.[1]
  const subpaths = files.filter(([entryPoint]) => entryPoint !== '.')
  return {
    main: main?.default,
    types: main?.types,
    typesVersions:
      subpaths.length === 0
        ? undefined
        : {
            '*': Object.fromEntries(subpaths.map(([path, { types }]) => [path.slice(2), [types]])),
          },
  }
}

/** The files of an entry point as a text to compare, without the sources and the declarations. */
function targetsOf(entryPoint: Manifest['exports'][string] | undefined): string {
  if (entryPoint === undefined || typeof entryPoint === 'string') return String(entryPoint)
  return Object.entries(entryPoint)
    .filter(([condition]) => condition !== sourceCondition && condition !== 'types')
    .map(([condition, target]) => `${condition}=${fileOf(target)}`)
    .join(' ')
}

function fileOf(target: unknown): string {
  const hasDefault = typeof target === 'object' && target !== null && 'default' in target
  return String(hasDefault ? target.default : target)
}
