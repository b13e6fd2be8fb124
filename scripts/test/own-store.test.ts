import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { storeCases } from '../../packages/oauth-conformance/src/store/cases/index.ts'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/write-your-own-store.md'), 'utf8')

it('docs/write-your-own-store.md contains the store that the tests run', () => {
  const [, onPage] = /^## A store on DynamoDB\n[\s\S]*?```ts\n([\s\S]*?)```/m.exec(page) ?? []
  expect(onPage).toBe(
    readFileSync(join(root, 'packages/oauth-conformance/test/stores/dynamo/store.ts'), 'utf8'),
  )
})

it('docs/write-your-own-store.md names only conformance cases that exist', () => {
  const [table = ''] = /^\| implementation [\s\S]*?\n\n/m.exec(page) ?? []
  const named = [...table.matchAll(/^\|.*\|(.*)\|$/gm)]
    .slice(2)
    .flatMap(([, cell = '']) => [...cell.matchAll(/`([a-z0-9-]+)`/g)].map(([, id]) => id))
  expect(named.length).toBeGreaterThan(20)
  const ids = storeCases.map(({ id }) => id)
  expect(named.filter((id) => !ids.includes(id as string))).toEqual([])
})
