import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lookThroughDoors } from './shipped/doors.ts'
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

// Looks at every published package as a user gets it: packed, judged by publint and by "are the
// types wrong?", every door loaded from `dist` as ESM and as CommonJS, and all of it compared with
// what is pinned in scripts/shipped/pins.
//   node scripts/check-package.ts            fails on a difference, and names it
//   node scripts/check-package.ts --write    pins what is there now
const write = process.argv.includes('--write')
const source = '@zrecruit/source'

for (const stray of strayPins()) {
  if (write) rmSync(stray)
  else fail(`${stray} is pinned for a package that is no longer published`)
}
for (const each of packages) {
  const folder = mkdtempSync(join(tmpdir(), 'zrecruit-pack-'))
  try {
    const tarball = await pack(each, folder)
    for await (const complaint of complaintsAbout(each, tarball))
      fail(`${each.manifest.name}: ${complaint}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function fail(complaint: string): void {
  process.exitCode = 1
  console.error(complaint)
}

async function* complaintsAbout(each: Package, tarball: string): AsyncGenerator<string> {
  yield* judgedBy('publint', ['run', tarball, '--strict'])
  // No rule is ignored. The profile leaves out `moduleResolution: node10`, which knows no `exports`
  // and which TypeScript deprecated in 6 and took out in 7: the compiler then names the settings
  // that do work.
  yield* judgedBy('attw', [
    tarball,
    '--profile',
    'node16',
    '--no-emoji',
    '--no-color',
    '--format',
    'ascii',
  ])
  const [files, packed, { doors, complaints }] = await Promise.all([
    filesOf(tarball),
    packedManifest(tarball),
    lookThroughDoors(each),
  ])
  yield* complaints
  yield* shape(each.manifest, packed, files)
  const pins = pinsOf(each, files, doors)
  if (write) return writePins(each, pins)
  const lines = differences(readPins(each), pins)
  if (lines.length > 0)
    yield (
      'what is shipped differs from what is pinned. If it is meant: `pnpm exec node ' +
      `scripts/check-package.ts --write\`\n${lines.join('\n')}`
    )
}

function* judgedBy(tool: string, args: string[]): Generator<string> {
  const { status, stdout, stderr } = spawnSync(tool, args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) yield `${tool}\n${stdout}${stderr}`
}

/**
 * What the tools above don't know: the doors of `publishConfig` are those of the sources, and
 * nothing else is shipped.
 */
function* shape(written: Manifest, packed: Manifest, files: readonly string[]): Generator<string> {
  if (JSON.stringify(packed).includes(source))
    yield `the condition ${source} points to files that are not shipped`
  if (JSON.stringify(packed).includes('workspace:') || JSON.stringify(packed).includes('catalog:'))
    yield 'workspace: or catalog: is shipped'
  for (const door of new Set([...Object.keys(written.exports), ...Object.keys(packed.exports)]))
    if (targets(written.exports[door]) !== targets(packed.exports[door]))
      yield `exports and publishConfig.exports differ in '${door}'`
  if (!files.includes('LICENSE')) yield 'no LICENSE'
  for (const file of files)
    if (!/^(dist\/.+|package\.json|LICENSE|README\.md|CHANGELOG\.md)$/.test(file))
      yield `ships ${file}`
}

/**
 * The files that a door leads to, in a form that can be compared: without the sources and the
 * declarations.
 */
function targets(door: Manifest['exports'][string] | undefined): string {
  if (door === undefined || typeof door === 'string') return String(door)
  const entries = Object.entries(door).filter(
    ([condition]) => condition !== source && condition !== 'types',
  )
  return entries
    .map(
      ([condition, to]) =>
        `${condition}=${typeof to === 'object' && to !== null && 'default' in to ? String(to.default) : String(to)}`,
    )
    .join(' ')
}
