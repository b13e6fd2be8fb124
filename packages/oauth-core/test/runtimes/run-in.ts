import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { startServer } from '../endpoints/server.ts'

const folderOf = (name: string): string =>
  dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))

/**
 * The program of each runtime and what it is called with: the binaries themselves, so that ending
 * one ends all of it.
 */
const commands = {
  node: (script: string) => [process.execPath, '--unhandled-rejections=strict', script],
  bun: (script: string) => [join(folderOf('bun'), 'bin/bun.exe'), script],
  deno: (script: string) => [
    join(folderOf('deno'), 'deno'),
    'run',
    '--allow-all',
    '--no-config',
    script,
  ],
  workerd: (script: string) => [
    join(folderOf('workerd'), 'bin/workerd'),
    'test',
    join(dirname(script), 'workerd.capnp'),
  ],
} satisfies Record<string, (script: string) => string[]>

export type Runtime = keyof typeof commands
export const runtimes = Object.keys(commands) as Runtime[]

// Only a network that is named may be reached, and loopback is a private one.
const workerdConfig = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker), (name = "internet", network = (allow = ["private"]))],
);
const worker :Workerd.Worker = (modules = [(name = "script.mjs", esModule = embed "script.mjs")], compatibilityDate = "2026-11-01");
`

interface Ran {
  readonly result: unknown
  /** The most memory that the process ever had, where the system tells. */
  readonly peakBytes: number | undefined
  readonly stderr: string
}

/**
 * Bundles `expression`, which may call what `inside.ts` exports, and runs it in a runtime of its
 * own. What it comes to is posted back as JSON, because that is the one way out that all runtimes
 * have.
 */
export const runIn = async (
  runtime: Runtime,
  expression: string,
  env: Record<string, string> = {},
): Promise<Ran> => {
  let [result, peakBytes]: [unknown, number | undefined] = [undefined, undefined]
  const results = await startServer((response, { body }) => {
    result = JSON.parse(body)
    peakBytes = peakOf(child.pid)
    response.end()
  })
  const folder = mkdtempSync(join(tmpdir(), 'zrecruit-runtime-'))
  const script = join(folder, 'script.mjs')
  const main = `const main = async () => {
    const result = await (${expression})
    await (await fetch('${results.origin}', { method: 'POST', body: JSON.stringify(result) })).text()
  }`
  const start = runtime === 'workerd' ? 'export default { test: main }' : 'await main()'
  await build({
    stdin: {
      contents: `import * as inside from './inside.ts'\n${main}\n${start}`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    format: 'esm',
    target: 'es2023',
    platform: 'neutral',
    outfile: script,
  })
  writeFileSync(join(folder, 'workerd.capnp'), workerdConfig)
  const [program = '', ...argv] = commands[runtime](script)
  const child = spawn(program, argv, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      NODE_ENV: 'test',
      DENO_NO_UPDATE_CHECK: '1',
      DENO_DIR: folder,
      NO_PROXY: '127.0.0.1',
      ...env,
    },
  })
  let stderr = ''
  child.stderr.on('data', (chunk) => (stderr += String(chunk)))
  try {
    const status = await new Promise((resolve, reject) =>
      child.on('error', reject).on('close', resolve),
    )
    if (status !== 0) throw new Error(`${runtime} ended with ${String(status)}: ${stderr}`)
    return { result, peakBytes, stderr }
  } finally {
    child.kill('SIGKILL')
    await results.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const peakOf = (pid: number | undefined): number | undefined => {
  try {
    return (
      Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
    )
  } catch {
    return undefined
  }
}
