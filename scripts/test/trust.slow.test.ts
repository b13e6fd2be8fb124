import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeEach, afterEach, describe, expect, it } from 'vitest'
import { groups } from '../trust/rows.ts'
import { titlesIn } from '../trust/titles.ts'

// The titles of this file's examples are put together, so that they are not found as titles of this
// repository.
const colon = ':'
const named = (ids: string, words = 'holds') => `it('${ids}${colon} ${words}', () => {})\n`
const script = join(import.meta.dirname, '../trust.ts')
const owed = groups
  .filter(({ required }) => required)
  .flatMap(({ rows }) => Object.keys(rows).filter((id) => !rows[id]?.reason))

describe('the check of docs/trust.md', () => {
  let root = ''
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'zrecruit-trust-'))
    mkdirSync(join(root, 'docs'))
    test(named(owed.join(', ')))
    run('--write')
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  const test = (text: string, path = 'packages/a/test/a.test.ts') => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const run = (command: string) => {
    const { status, stderr } = spawnSync(process.execPath, [script, command, root], {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    })
    return {
      status,
      told: stderr
        .split('\n')
        .filter((line) => line !== '' && !/ExperimentalWarning|--trace-warnings/.test(line)),
    }
  }
  const failing = (...told: string[]) => ({
    status: 1,
    told: told.map((one) => expect.stringContaining(one)),
  })

  it('passes when every row is shown and the page says so', () => {
    expect(run('--check')).toEqual({ status: 0, told: [] })
    expect(readFileSync(join(root, 'docs/trust.md'), 'utf8')).toContain(
      '[a/a.test.ts](../packages/a/test/a.test.ts): holds',
    )
  })

  it.each(['S1', 'C7', 'B18', 'T5'])('fails when %s has neither a test nor a reason', (id) => {
    test(named(owed.filter((one) => one !== id).join(', ')))
    run('--write')
    expect(run('--check')).toEqual(failing(`${id} has neither a test nor a reason`))
  })

  it.each(['S13', 'B19', 'T20', 'M1'])('fails when a test names %s, which is no row', (id) => {
    test(named(id), 'packages/a/test/b.test.ts')
    run('--write')
    expect(run('--check')).toEqual(failing(`names ${id}, which is no row`))
  })

  it('fails when the page is stale, and when it is not there', () => {
    test(named('B5', 'one more'), 'examples/hono/x/test/b.test.ts')
    expect(run('--check')).toEqual(failing('docs/trust.md is stale'))
    rmSync(join(root, 'docs/trust.md'))
    expect(run('--check')).toEqual(failing('docs/trust.md is stale'))
  })

  it('fails when ids are written in another way', () => {
    test(named('B5 and B6'), 'packages/a/test/b.test.ts')
    expect(run('--check')).toEqual(
      failing("packages/a/test/b.test.ts:1: B5 and B6: holds: write the ids as in 'B6, B5: …'"),
    )
  })
})

describe('titles', () => {
  const found = (text: string) =>
    titlesIn('a.test.ts', text).titles.map((title) => [title.ids.join(' '), title.text])

  it('are found in calls, tables and keys, in any quotes', () => {
    expect(
      found(
        `describe.each(x)("T4${colon} a %s", y)\n  ['B4${colon} two codes', 'B5${colon} a ` +
          `stranger\\'s'],\n  'L1, L2${colon} kept': { x: 1 },\n it(\`3.4${colon} \${x}\`)`,
      ),
    ).toEqual([
      ['T4', 'a %s'],
      ['B4', 'two codes'],
      ['B5', "a stranger's"],
      ['L1 L2', 'kept'],
      ['3.4', '${x}'],
    ])
  })

  it('are not found in comments, in the middle of a text, or where nothing runs', () => {
    expect(
      found(
        `// it('B4${colon} x')\n * 'B4${colon} x'\nit('as B4${colon} ` +
          `x')\nit.skip('B4${colon} x')\nit.todo('B4${colon} x')`,
      ),
    ).toEqual([])
    expect(titlesIn('a.test.ts', "['S256', 'T4', 'B4.x']").malformed).toEqual([])
  })
})
