import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const read = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8')
const hono = '../../../hono/minimal/'

it.each(['html.ts', 'page.ts'])('%s is the same as Hono’s', (file) => {
  expect(read(`../src/${file}`).replace('@zrecruit/oauth-nestjs', '@zrecruit/oauth-hono')).toBe(
    read(`${hono}src/${file}`),
  )
})

it('the README differs in what the frameworks differ', () => {
  const lines = (path: string) =>
    read(path).replaceAll('examples/nestjs', 'examples/hono').split('\n').slice(5)
  expect(lines('../README.md')).toEqual(lines(`${hono}README.md`))
})
