import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '@zrecruit/testing/ports'
import { expect, it, onTestFinished } from 'vitest'

const readme = await readFile(join(import.meta.dirname, '../README.md'), 'utf8')
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp('```' + language + '\\n(.*?)```', 'gs'))].map(
    ([, code = '']) => code,
  )
const cliCommand = [
  process.execPath,
  '--conditions=@zrecruit/source',
  join(import.meta.dirname, '../src/cli.ts'),
]

/** Starts the emulator as in the README, but on free ports. Returns the first port. */
async function startAsDocumented(): Promise<number> {
  const command =
    blocks('sh')
      .find((block) => block.includes('--client-id'))
      ?.trim() ?? ''
  const flags = command.replace(/^npx -y \S+ emulator /, '').split(' ')
  for (let attempt = 0; attempt < 5; attempt += 1) {
    // The ports that follow the free port may be in use.
    const port = await freePort()
    const child = spawn(
      cliCommand[0] ?? '',
      [...cliCommand.slice(1), ...flags, '--port', String(port)],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    onTestFinished(() => void child.kill('SIGKILL'))
    if (await isReady(child)) return port
  }
  throw new Error('no free ports')
}

const isReady = (child: ChildProcess): Promise<boolean> =>
  Promise.race([
    once(child.stdout!, 'data').then(() => true),
    once(child, 'close').then(() => false),
  ])

interface Step {
  readonly command: string
  /** The output in the comments below the command, without the remark after three spaces. */
  readonly printed: string[]
}

/** The commands of a block with their output. A command ends when its syntax is complete. */
function stepsOf(block: string): Step[] {
  const steps: Step[] = []
  let unfinished = ''
  for (const line of block.trimEnd().split('\n')) {
    if (unfinished === '' && line.startsWith('# '))
      steps.at(-1)?.printed.push(line.slice(2).split('   ')[0] ?? '')
    else {
      unfinished += `${line}\n`
      if (spawnSync('bash', ['-n', '-c', unfinished]).status === 0 && !line.endsWith('\\')) {
        steps.push({ command: unfinished, printed: [] })
        unfinished = ''
      }
    }
  }
  return steps
}

it('the commands in README.md print the documented output', async () => {
  const port = await startAsDocumented()
  const steps = blocks('sh')
    .filter((block) => block.includes('curl') || block.includes('refresh\n'))
    .flatMap(stepsOf)
  expect(steps.length).toBeGreaterThan(80)
  const withActualPorts = (text: string) =>
    text.replaceAll(
      /(127\.0\.0\.1(?::|%3A))48(\d\d)/g,
      (_, host: string, offset: string) => `${host}${port + Number(offset)}`,
    )
  const script = steps
    .map(({ command }, index) => `echo "@@${index}"\n${withActualPorts(command)}echo\n`)
    .join('')
  const { stdout } = await promisify(execFile)('bash', ['-c', script], { maxBuffer: 10_000_000 })
  const outputs = new Map(
    [...stdout.matchAll(/^@@(\d+)\n(.*?)(?=^@@|$(?![\s\S]))/gms)].map(([, index, output = '']) => [
      Number(index),
      output,
    ]),
  )
  for (const [index, { command, printed }] of steps.entries()) {
    const output = (outputs.get(index) ?? '').split('\n').filter((line) => line !== '')
    const pattern = printed.map((line) => withActualPorts(line).split('…').map(escaped).join('.*'))
    expect(output.join('\n'), command).toMatch(new RegExp(`^${pattern.join('\\n')}$`))
  }
}, 120_000)

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

const hasPytest = spawnSync('python3', ['-c', 'import pytest, requests']).status === 0

it.skipIf(!hasPytest)(
  `the Python example in README.md passes${hasPytest ? '' : ' (skipped: needs pytest, requests)'}`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'zoho-emulator-python-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const command = JSON.stringify([...cliCommand]).slice(1, -1)
    await writeFile(
      join(folder, 'test_readme.py'),
      blocks('py').join('\n').replace('"npx", "@zrecruit/oauth-emulator"', command),
    )
    const { stdout } = await promisify(execFile)(
      'python3',
      ['-m', 'pytest', '-q', '-p', 'no:cacheprovider'],
      { cwd: folder },
    ).catch((error: { stdout: string }) => error)
    expect(stdout).toContain('2 passed')
  },
  60_000,
)

it('the Node example in README.md passes', async () => {
  const file = join(import.meta.dirname, 'readme-node.generated.mts')
  onTestFinished(() => rm(file, { force: true }))
  const code = blocks('ts').find((block) => block.includes('node:test')) ?? ''
  await writeFile(file, code)
  const { stdout } = await promisify(execFile)(cliCommand[0] ?? '', [
    '--conditions=@zrecruit/source',
    '--test',
    file,
  ]).catch((error: { stdout: string }) => error)
  expect(stdout).toMatch(/pass 1\b/)
}, 60_000)
