import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'

const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url))

function run(...flags: string[]): ChildProcess & { output: { stdout: string; stderr: string } } {
  const child = spawn(process.execPath, ['--conditions=@zrecruit/source', cli, ...flags])
  onTestFinished(() => void child.kill('SIGKILL'))
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => (output.stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (output.stderr += String(chunk)))
  return Object.assign(child, { output })
}

async function firstLine(child: ReturnType<typeof run>): Promise<any> {
  while (!child.output.stdout.includes('\n')) {
    if (child.exitCode !== null) throw new Error(child.output.stderr)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return JSON.parse(child.output.stdout.split('\n')[0] ?? '')
}

const exitCode = async (child: ReturnType<typeof run>): Promise<number> => {
  const [code] = child.exitCode === null ? await once(child, 'close') : [child.exitCode]
  return code as number
}

it('prints one line of JSON, serves, and exits with 0 on SIGTERM and SIGINT', async () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const child = run('--port', '0', '--json')
    const { dataCenters, client } = await firstLine(child)
    expect(
      child.output.stdout.startsWith('{"dataCenters":{"us":{"accountsServer":"http://127.0.0.1:'),
    ).toBe(true)
    expect(Object.keys(dataCenters)).toEqual(['us', 'eu', 'in'])
    expect(Object.keys(dataCenters.eu)).toEqual([
      'accountsServer',
      'apiDomain',
      'recruitApi',
      'uploadServer',
      'sandboxApi',
    ])
    expect(dataCenters.eu.recruitApi).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/recruit\/v2$/)
    expect(client).toEqual({
      id: expect.stringMatching(/^1000\.[0-9A-Z]{30}$/),
      secret: expect.stringMatching(/^[0-9a-f]{42}$/),
      redirectUris: ['http://localhost:3000/zoho/callback', 'http://127.0.0.1:3000/zoho/callback'],
    })
    expect((await fetch(`${dataCenters.us.accountsServer}/oauth/serverinfo`)).status).toBe(200)
    child.kill(signal)
    expect(await exitCode(child)).toBe(0)
    expect(child.output.stdout.split('\n')).toHaveLength(2)
  }
})

it('accepts a leading --, redirect URIs and a client', async () => {
  const child = run(
    '--',
    '--port',
    '0',
    '--json',
    '--redirect-uri',
    'https://a.example/x',
    '--redirect-uri',
    'https://b.example/y',
    '--client-id',
    '1000.MINE',
    '--client-secret',
    'mine',
  )
  expect((await firstLine(child)).client).toEqual({
    id: '1000.MINE',
    secret: 'mine',
    redirectUris: ['https://a.example/x', 'https://b.example/y'],
  })
})

it('accepts data centers and settings of Zoho’s behaviour', async () => {
  const child = run(
    '--port',
    '0',
    '--json',
    '--data-centers',
    'eu,cn',
    '--multi-dc',
    'off',
    '--throttle-status',
    '200',
    '--throttle-language',
    'zh',
  )
  const { dataCenters } = await firstLine(child)
  expect(Object.keys(dataCenters)).toEqual(['eu', 'cn'])
  const settings = await (await fetch(`${dataCenters.cn.accountsServer}/_emulator/settings`)).json()
  expect(settings).toMatchObject({
    multiDataCenter: false,
    throttleStatus: 200,
    throttleLanguage: 'zh',
  })
})

it('prints the same data as text for a person', async () => {
  const child = run('--port', '0', '--client-id', '1000.MINE')
  while (!child.output.stdout.includes('_emulator'))
    await new Promise((resolve) => setTimeout(resolve, 20))
  expect(child.output.stdout).toContain('not Zoho')
  expect(child.output.stdout).toContain('1000.MINE')
  const inspector = /http:\S+\/_emulator\/$/m.exec(child.output.stdout)?.[0] ?? ''
  expect(await (await fetch(inspector)).text()).toContain('Inspector')
  const consent = /http:\S+oauth\/v2\/auth\S+/.exec(child.output.stdout)?.[0] ?? ''
  expect((await fetch(consent)).status).toBe(200)
})

it('--help prints the usage and exits with 0', async () => {
  const child = run('--help')
  expect(await exitCode(child)).toBe(0)
  for (const flag of [
    '--port',
    '--json',
    '--redirect-uri',
    '--client-id',
    '--client-secret',
    '--data-centers',
    '--multi-dc',
    '--throttle-status',
    '--throttle-language',
  ])
    expect(child.output.stdout).toContain(flag)
})

it.each([
  [['--prot', '4800'], '--prot'],
  [['--port', 'abc'], '--port'],
  [['--port', '70000'], '--port'],
  [['--port'], '--port'],
  [['4800'], '4800'],
  [['--redirect-uri', 'nonsense'], 'nonsense'],
  [['--client-secret', ''], 'client secret'],
  [
    ['--data-centers', 'us,mars'],
    '--data-centers takes data centers such as us,eu,cn, not "us,mars"',
  ],
  [['--data-centers', ''], '--data-centers'],
  [['--multi-dc', 'maybe'], '--multi-dc takes on or off, not "maybe"'],
  [['--throttle-status', '429'], '--throttle-status takes 200 or 400, not "429"'],
  [['--throttle-language', 'toString'], '--throttle-language takes en or zh'],
])('exits with 2 and names the flag: %j', async (flags, named) => {
  const child = run(...flags)
  expect(await exitCode(child)).toBe(2)
  expect(child.output.stderr).toContain(named)
  expect(child.output.stderr).not.toContain('    at ')
  expect(child.output.stdout).toBe('')
})

it('exits with 1 and names the port in use and the flag', async () => {
  const holder = run('--port', '0', '--json')
  const port = new URL((await firstLine(holder)).dataCenters.us.accountsServer).port
  const child = run('--port', port, '--json')
  expect(await exitCode(child)).toBe(1)
  expect(child.output.stderr).toMatch(new RegExp(`Port ${port} .*in use.*--port`))
  expect(child.output.stdout).toBe('')
})
