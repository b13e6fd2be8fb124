import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeEach, afterEach, describe, expect, it } from 'vitest'
import { groups } from '../trust/rows.ts'
import { titlesIn } from '../trust/titles.ts'

// The example titles are built from parts, so that they are not found as titles of this repository.
const colon = ':'
const testTitled = (ids: string, text = 'works') => `it('${ids}${colon} ${text}', () => {})\n`
const script = join(import.meta.dirname, '../trust.ts')
const requiredIds = groups
  .filter(({ required }) => required)
  .flatMap(({ rows }) => Object.keys(rows).filter((id) => !rows[id]?.reason))

describe('the check of docs/trust.md', () => {
  let root = ''
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'zrecruit-trust-'))
    mkdirSync(join(root, 'docs'))
    writeTest(testTitled(requiredIds.join(', ')))
    run('--write')
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  const writeTest = (text: string, path = 'packages/a/test/a.test.ts') => {
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
      errors: stderr
        .split('\n')
        .filter((line) => line !== '' && !/ExperimentalWarning|--trace-warnings/.test(line)),
    }
  }
  const failing = (...errors: string[]) => ({
    status: 1,
    errors: errors.map((error) => expect.stringContaining(error)),
  })

  it('passes if every row has a test and the page is current', () => {
    expect(run('--check')).toEqual({ status: 0, errors: [] })
    expect(readFileSync(join(root, 'docs/trust.md'), 'utf8')).toContain(
      '[a/a.test.ts](../packages/a/test/a.test.ts): works',
    )
  })

  it.each(['S1', 'C7', 'B18', 'T5'])('fails if %s has neither a test nor a reason', (id) => {
    writeTest(testTitled(requiredIds.filter((other) => other !== id).join(', ')))
    run('--write')
    expect(run('--check')).toEqual(failing(`${id} has neither a test nor a reason`))
  })

  it.each(['S99', 'B19', 'T20', 'M1'])('fails if a test names %s, which is not a row', (id) => {
    writeTest(testTitled(id), 'packages/a/test/b.test.ts')
    run('--write')
    expect(run('--check')).toEqual(failing(`names ${id}, which is not a row`))
  })

  it('fails if the page is stale or does not exist', () => {
    writeTest(testTitled('B5', 'another'), 'examples/hono/x/test/b.test.ts')
    expect(run('--check')).toEqual(failing('docs/trust.md is stale'))
    rmSync(join(root, 'docs/trust.md'))
    expect(run('--check')).toEqual(failing('docs/trust.md is stale'))
  })

  it('fails if ids are malformed', () => {
    writeTest(testTitled('B5 and B6'), 'packages/a/test/b.test.ts')
    expect(run('--check')).toEqual(
      failing("packages/a/test/b.test.ts:1: B5 and B6: works: write the ids as in 'B6, B5: …'"),
    )
  })
})

describe('titles', () => {
  const found = (text: string) =>
    titlesIn('a.test.ts', text).titles.map((title) => [title.ids.join(' '), title.text])

  it('are found in calls, tables and keys, with all kinds of quotes', () => {
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

  it('are not found in comments, inside a text, or in skipped tests', () => {
    expect(
      found(
        `// it('B4${colon} x')\n * 'B4${colon} x'\nit('as B4${colon} ` +
          `x')\nit.skip('B4${colon} x')\nit.todo('B4${colon} x')`,
      ),
    ).toEqual([])
    expect(titlesIn('a.test.ts', "['S256', 'T4', 'B4.x']").malformed).toEqual([])
  })
})
