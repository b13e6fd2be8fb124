import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

it('the sources run with type stripping, without emitted metadata', () => {
  const program =
    "import('@zrecruit/oauth-nestjs').then(({ ZohoRecruitModule }) => console.log(typeof " +
    'ZohoRecruitModule.forRootAsync))'
  const printed = execFileSync(
    process.execPath,
    ['--conditions=@zrecruit/source', '--input-type=module', '-e', program],
    { cwd: fileURLToPath(new URL('..', import.meta.url)), encoding: 'utf8' },
  )
  expect(printed).toBe('function\n')
})
