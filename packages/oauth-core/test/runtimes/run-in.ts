import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { startServer } from '../endpoints/server.ts'

const folderOf = (name: string): string =>
  dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))

/** The command of each runtime. The command starts the binary directly, so that `kill` ends it. */
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

// workerd can reach only the named networks, and loopback is a private network.
const workerdConfig = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "internet", network = (allow = ["private"])),
  ],
);
const worker :Workerd.Worker = (
  modules = [(name = "script.mjs", esModule = embed "script.mjs")],
  compatibilityDate = "2026-11-01",
);
`

interface RunResult {
  readonly result: unknown
  /** The highest memory use of the process, if the system reports it. */
  readonly peakBytes: number | undefined
  readonly stderr: string
}

/**
 * Bundles `expression`, which can use the exports of `inside.ts`, and runs it in a new process of
 * the runtime. The process posts the result back as JSON, because all runtimes support `fetch`.
 */
export const runIn = async (
  runtime: Runtime,
  expression: string,
  env: Record<string, string> = {},
): Promise<RunResult> => {
  let result: unknown | undefined = undefined
  let peakBytes: number | undefined = undefined
  const results = await startServer((response, { body }) => {
    result = JSON.parse(body)
    peakBytes = peakOf(child.pid)
    response.end()
  })
  const folder = mkdtempSync(join(tmpdir(), 'zrecruit-runtime-'))
  const script = join(folder, 'script.mjs')
  const main = `const main = async () => {
    const result = await (${expression})
    const body = JSON.stringify(result)
    await (await fetch('${results.origin}', { method: 'POST', body })).text()
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
