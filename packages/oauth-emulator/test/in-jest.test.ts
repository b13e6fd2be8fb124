import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const example = join(import.meta.dirname, '../../../examples/emulator/jest')
const built = join(import.meta.dirname, '../dist/index.cjs')

it('works in Jest without configuration, required from CommonJS', async () => {
  if (!existsSync(built))
    throw new Error(`${built} is missing: build first, with npx -y pnpm@12.21.0 build.`)
  const { stdout, stderr } = await promisify(execFile)(
    join(example, 'node_modules/.bin/jest'),
    ['--json'],
    { cwd: example, env: { ...process.env, NODE_OPTIONS: '' } },
  ).catch((error: { stdout: string; stderr: string }) => error)
  const [result] = /^\{.*\}$/m.exec(stdout) ?? [stdout]
  expect(JSON.parse(result === '' ? '{}' : result), stderr).toMatchObject({
    success: true,
    numPassedTests: 7,
    numFailedTests: 0,
    numPendingTests: 0,
  })
}, 60_000)
