import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readDeclarations } from '../option-pages/declarations.ts'
import { eventsPage, optionsPage } from '../option-pages/format.ts'
import { compileErrorsOf } from './compile.ts'

const root = join(import.meta.dirname, '../..')
const pages = ['options.md', 'events.md']
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zrecruit-options-'))
  for (const page of pages) cpSync(join(root, 'docs', page), join(folder, page))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const run = (command: string) =>
  spawnSync(process.execPath, [join(root, 'scripts/option-pages.ts'), command, folder], {
    encoding: 'utf8',
  })
const read = (page: string) => readFileSync(join(folder, page), 'utf8')
const change = (page: string, from: string, to: string) => {
  expect(read(page)).toContain(from)
  writeFileSync(join(folder, page), read(page).replace(from, to))
}
const blocksOf = (text: string) =>
  [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code)

it('passes for the current pages', () => {
  expect(run('--check')).toMatchObject({ status: 0, stderr: '' })
})

it('fails for pages that differ from the types, and writes them', () => {
  const before = pages.map(read)
  change('options.md', 'default: `300_000`', 'default: `400_000`')
  change('events.md', '## consent-lost', '## consent-found')
  const { status, stderr } = run('--check')
  expect([status, stderr]).toEqual([
    1,
    expect.stringMatching(/options\.md is stale.*\n.*events\.md is stale/),
  ])
  expect(run('--write').status).toBe(0)
  expect(pages.map(read)).toEqual(before)
})

it('the examples of options compile', async () => {
  const [names = '', ...examples] = blocksOf(read('options.md'))
  expect(examples.length).toBeGreaterThan(19)
  const program = [
    "import type { RecruitOAuthOptions } from '@zrecruit/oauth-core'",
    names,
    'export const examples: Partial<RecruitOAuthOptions>[] = [',
    ...examples.map((example) => `{\n${example}},`),
    ']',
  ].join('\n')
  expect(await compileErrorsOf('options.md', 'packages/oauth-core', [program])).toBe('')
})

it('the example of a listener compiles', async () => {
  const blocks = blocksOf(read('events.md'))
  expect(blocks.length).toBe(1)
  expect(await compileErrorsOf('events.md', 'packages/oauth-core', blocks)).toBe('')
})

/** Writes a source file, and reads its declarations. */
const declare = (code: string) => {
  const file = join(folder, 'declared.ts')
  writeFileSync(file, code)
  return readDeclarations(file)
}

it('names an option without documentation, default or example', () => {
  const options = declare(`
    export interface RecruitOAuthOptions extends Inherited {
      /**
       * Documented.
       * @default \`1\`
       * @example
       * complete: 2,
       */
      readonly complete?: number | undefined
      readonly required: string
    }
    interface Inherited {
      /** Inherited. */
      readonly inherited?: string
    }
    export interface ZohoRecruitModuleExtras {}`)
  const page = optionsPage(options, options, { introduction: '', sources: '' })
  expect(page.problems).toEqual([
    'The option `required` lacks a doc comment.',
    'The option `required` lacks `@example`.',
    'The option `inherited` lacks `@default`.',
    'The option `inherited` lacks `@example`.',
  ])
  expect(page.text).toContain('## complete\n\nType: `number` · default: `1`\n\nDocumented.')
})

it('lists the types that options use, also indirectly, without types of other packages', () => {
  const options = declare(`
    export interface RecruitOAuthOptions {
      readonly render?: Render
      readonly connections: Record<string, Promise<Methods>>
    }
    /** Returns a page. */
    type Render = (content: Content) => string
    interface Content {
      readonly title: string
    }
    interface Methods {
      method(): void
    }
    export interface ZohoRecruitModuleExtras {}`)
  expect(options.typesUsedBy('RecruitOAuthOptions')).toMatchObject([
    { name: 'Render', doc: 'Returns a page.', definition: '(content: Content) => string' },
    { name: 'Content', members: [{ name: 'title', type: 'string' }] },
  ])
})

it('names an event without documentation, or that does not say what to do', () => {
  const events = declare(`
    export type RecruitOAuthEvent = (Own & { readonly connection: string }) | { type: 'third' }
    type Own =
      | {
          /**
           * Sent first.
           * @remarks Nothing.
           */
          readonly type: 'first'
          /** A number. */
          readonly count?: number
        }
      | {
          /** Sent second. */
          readonly type: 'second'
        }`)
  const page = eventsPage(events, { introduction: '', sources: '' })
  expect(page.problems).toEqual([
    'The event `second` has no `@remarks` that say what to do.',
    'The event `third` has no doc comment at its member `type`.',
    'The event `third` has no `@remarks` that say what to do.',
  ])
  expect(page.text).toContain(
    '## first\n\nSent first.\n\n**What to do:** Nothing.\n\n| member | type | |\n' +
      '| --- | --- | --- |\n| `count?` | `number` | A number. |\n| `connection` | `string` |  |',
  )
})
