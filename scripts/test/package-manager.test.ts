import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { root } from '../shipped/packages.ts'

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  packageManager: string
  engines: { pnpm: string }
}
const [pinned = ''] = manifest.packageManager.split('+')

/** Finds the versions of pnpm in a text, each with its file and line. */
function mentionsIn(file: string, text: string): string[] {
  const mentions: string[] = []
  for (const [index, line] of text.split('\n').entries()) {
    for (const [, version = ''] of line.matchAll(/(?<![\w@/-])pnpm@([\w.^~*-]*)/g)) {
      mentions.push(`${file}:${index + 1}: pnpm@${version.replace(/\.$/, '')}`)
    }
  }
  return mentions
}

const isOther = (mention: string): boolean => !mention.endsWith(`: ${pinned}`)

/** The tracked files in the working tree, without the lockfile and this file. */
function trackedFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  const files = listed.split('\0').filter((file) => file !== '' && file !== 'pnpm-lock.yaml')
  const exists = (file: string) =>
    statSync(join(root, file), { throwIfNoEntry: false })?.isFile() ?? false
  return files.filter((file) => file !== 'scripts/test/package-manager.test.ts' && exists(file))
}

describe('the version of pnpm', () => {
  it('P7: is exact, and an installation with another version is refused', () => {
    expect(pinned).toMatch(/^pnpm@\d+\.\d+\.\d+$/)
    expect(`pnpm@${manifest.engines.pnpm}`).toBe(pinned)
  })

  it('P7: is the same in all tracked files', () => {
    const mentions = trackedFiles().flatMap((file) =>
      mentionsIn(file, readFileSync(join(root, file), 'utf8')),
    )
    expect(mentions.length).toBeGreaterThan(30)
    expect(mentions.filter(isOther)).toEqual([])
  })

  it.each([
    'npx -y pnpm@12 test',
    '["npx", "-y", "pnpm@12"]',
    '`npx -y pnpm@latest`.',
    'pnpm@^12.21.0',
    `${pinned}0`,
    `${pinned} and pnpm@11.`,
  ])('differs in %s', (line) => {
    expect(mentionsIn('a.md', line).filter(isOther)).toHaveLength(1)
  })

  it.each([
    `npx -y ${pinned} test`,
    `It is ${pinned}.`,
    `\`${pinned}\``,
    'packages/x/@pnpm@1',
    'pnpm test',
  ])('is the same in %s', (line) => {
    expect(mentionsIn('a.md', line).filter(isOther)).toEqual([])
  })

  it('P7: is read from package.json by .ci/run', () => {
    const folder = mkdtempSync(join(tmpdir(), 'zrecruit-ci-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const bin = join(folder, 'bin')
    for (const name of ['.ci', 'bin']) mkdirSync(join(folder, name))
    copyFileSync(join(root, '.ci/run'), join(folder, '.ci/run'))
    writeFileSync(join(folder, 'package.json'), '{ "packageManager": "pnpm@99.1.2+sha512.abc" }')
    // Programs without effect, so that nothing is installed. `npx` prints its arguments.
    for (const tool of ['chromium', 'faketime', 'openssl', 'pgbouncer', 'redis-server', 'npx']) {
      writeFileSync(join(bin, tool), '#!/bin/sh\necho "called: $*"\n')
      chmodSync(join(bin, tool), 0o755)
    }
    const env = { ...process.env, PATH: `${bin}:${process.env['PATH']}` }
    const printed = execFileSync('bash', [join(folder, '.ci/run')], { env, encoding: 'utf8' })
    const calls = printed.split('\n').filter((line) => line.startsWith('called: '))
    expect(calls).toEqual(
      ['test', 'check', 'test:slow'].map((script) => `called: -y pnpm@99.1.2 ${script}`),
    )
  })
})
