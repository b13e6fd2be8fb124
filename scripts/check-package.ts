import { execFileSync, spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, posix } from 'node:path'

// Looks at every published package as a user gets it: packed, judged by publint and by "are the types wrong?",
// and every door loaded from `dist`, as ESM and as CommonJS.
interface Manifest {
  name: string
  private?: boolean
  exports: Record<string, string | Record<string, unknown>>
}
const root = join(import.meta.dirname, '..')
const source = '@zrecruit/source'
let failed = false

for (const path of globSync('packages/*/package.json', { cwd: root }).sort()) {
  const written = JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest
  if (written.private === true) continue
  const folder = mkdtempSync(join(tmpdir(), 'zrecruit-pack-'))
  try {
    execFileSync('pnpm', ['pack', '--pack-destination', folder], { cwd: join(root, dirname(path)), stdio: ['ignore', 'ignore', 'inherit'] })
    const tarball = join(folder, readdirSync(folder)[0] ?? '')
    judge(written.name, 'publint', ['run', tarball, '--strict'])
    judge(written.name, 'attw', [tarball, '--profile', 'node16', '--no-emoji', '--no-color', '--format', 'ascii'])
    load(dirname(path), written)
    for (const complaint of complaints(written, tarball)) report(written.name, complaint)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
process.exitCode = failed ? 1 : 0

function judge(name: string, tool: string, args: string[]): void {
  const { status, stdout, stderr } = spawnSync(tool, args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) report(name, `${tool}\n${stdout}${stderr}`)
}

/** A package may name itself, so its doors can be tried in its own folder, where its dependencies are. */
function load(folder: string, { name, exports }: Manifest): void {
  const doors = Object.keys(exports).filter((door) => typeof exports[door] !== 'string')
  const names = JSON.stringify(doors.map((door) => posix.join(name, door)))
  for (const [kind, code] of [
    ['import', `for (const name of ${names}) await import(name)`],
    ['require', `for (const name of ${names}) require(name)`],
  ] as const) {
    const type = kind === 'import' ? 'module' : 'commonjs'
    const { status, stderr } = spawnSync('node', [`--input-type=${type}`, '--eval', code], { cwd: join(root, folder), encoding: 'utf8' })
    if (status !== 0) report(name, `a door cannot be loaded by ${kind}\n${stderr}`)
  }
}

/** What the tools above don't know: the doors of `publishConfig` are those of the sources, and nothing else is shipped. */
function* complaints(written: Manifest, tarball: string): Generator<string> {
  const packed = JSON.parse(execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], { encoding: 'utf8' })) as Manifest
  if (JSON.stringify(packed).includes(source)) yield `the condition ${source} points to files that are not shipped`
  if (JSON.stringify(packed).includes('workspace:') || JSON.stringify(packed).includes('catalog:')) yield 'workspace: or catalog: is shipped'
  for (const door of new Set([...Object.keys(written.exports), ...Object.keys(packed.exports)]))
    if (targets(written.exports[door]) !== targets(packed.exports[door])) yield `exports and publishConfig.exports differ in '${door}'`
  const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n')
  if (!files.includes('package/LICENSE')) yield 'no LICENSE'
  for (const file of files) if (!/^package\/(dist\/.+|package\.json|LICENSE|README\.md|CHANGELOG\.md)$/.test(file)) yield `ships ${file}`
}

/** The files that a door leads to, in a form that can be compared: without the sources and the declarations. */
function targets(door: Manifest['exports'][string] | undefined): string {
  if (door === undefined || typeof door === 'string') return String(door)
  const entries = Object.entries(door).filter(([condition]) => condition !== source && condition !== 'types')
  return entries.map(([condition, to]) => `${condition}=${typeof to === 'object' && to !== null && 'default' in to ? String(to.default) : String(to)}`).join(' ')
}

function report(name: string, complaint: string): void {
  failed = true
  console.error(`${name}: ${complaint}`)
}
