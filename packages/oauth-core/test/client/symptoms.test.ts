import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { wrongDataCenter } from './symptoms/data-centers.ts'
import { noRefreshToken } from './symptoms/refresh-tokens.ts'
import { errorsWith200 } from './symptoms/errors-with-200.ts'
import { refreshing } from './symptoms/refreshing.ts'
import { providersAndSdks } from './symptoms/providers-and-sdks.ts'
import { recruitApi } from './symptoms/recruit-api.ts'

// Produces every row of docs/symptoms.md: its third column is the outcome here.
const page = readFileSync(new URL('../../../../docs/symptoms.md', import.meta.url), 'utf8')
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (seen in|---) /.test(line))
  .map((line) => line.slice(2, -2).split(' | '))
  .map(([seen = '', , out = '', hint]) => ({
    where: seen.replace(/^\[([^\]]*)\].*/, '$1'),
    out,
    code: /^\[`([a-z-]+)`\]\(errors\/\1\.md\)$/.exec(out)?.[1],
    hint,
  }))

const cases = [
  ...wrongDataCenter,
  ...noRefreshToken,
  ...errorsWith200,
  ...refreshing,
  ...providersAndSdks,
  ...recruitApi,
]

it('every row of the page has a case with its outcome', () => {
  expect(cases.map(([where, out]) => [where, out])).toEqual(
    rows.map(({ where, out, code }) => [where, code ?? out]),
  )
  expect(rows.filter(({ hint }) => !hint)).toEqual([])
})

it.for(cases)('%s → %s', async ([, out, run, hint]) => {
  const error = await run()
  expect(error?.code ?? out).toBe(out)
  if (!hint) return expect(error).toBeUndefined()
  expect(error?.message).toMatch(hint)
  expect(error?.message).toContain(error?.hint)
})
