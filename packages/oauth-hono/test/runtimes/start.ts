import { build } from 'esbuild'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface Runtime {
  readonly name: string
  /**
   * The package with the program, and the path of the program in it. The program must be the binary
   * itself, so that killing it leaves no process behind.
   */
  readonly program: readonly [packageName: string, path: string]
  readonly argv: (folder: string) => readonly string[]
  /**
   * The code that serves `app`, the default export of a Worker, on a free loopback port and writes
   * the port to standard output.
   */
  readonly serveCode: string
}

const onNode = (version: number): Runtime => ({
  name: `Node ${version}`,
  program: [`node-${version}`, 'bin/node'],
  argv: (folder) => ['--unhandled-rejections=strict', join(folder, 'script.mjs')],
  serveCode: `import { serve } from '@hono/node-server'
    const options = { fetch: app.fetch, port: 0, hostname: '127.0.0.1' }
    serve(options, ({ port }) => console.log(JSON.stringify({ port })))`,
})

export const runtimes: readonly Runtime[] = [
  onNode(22),
  onNode(24),
  onNode(26),
  {
    name: 'Bun',
    program: ['bun', 'bin/bun.exe'],
    argv: (folder) => [join(folder, 'script.mjs')],
    serveCode: `const { port } = Bun.serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
      console.log(JSON.stringify({ port }))`,
  },
  {
    name: 'Deno',
    program: ['deno', 'deno'],
    argv: (folder) => [
      'run',
      '--allow-net',
      '--allow-env',
      '--no-prompt',
      '--no-config',
      join(folder, 'script.mjs'),
    ],
    serveCode:
      `Deno.serve({ port: 0, hostname: '127.0.0.1', onListen: ({ port }) => ` +
      `console.log(JSON.stringify({ port })) }, app.fetch)`,
  },
  {
    name: 'workerd',
    program: ['workerd', 'bin/workerd'],
    argv: (folder) => ['serve', join(folder, 'workerd.capnp'), '--control-fd=1'],
    serveCode: 'export default app',
  },
]

// A Worker reaches only the networks that are listed here. Loopback is a private network.
const workerdConfig = (
  bindings: Readonly<Record<string, string>>,
) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "internet", network = (allow = ["private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "script.mjs", esModule = embed "script.mjs")],
  compatibilityDate = "2026-11-01",
  bindings = [${Object.entries(bindings)
    .map(([name, text]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(text)})`)
    .join(', ')}],
);
`

/** The runtime's program, or `undefined` where it is not installed. */
export const findProgram = ({ program: [packageName, path] }: Runtime): string | undefined => {
  try {
    return join(
      dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`)),
      path,
    )
  } catch {
    return undefined
  }
}

export interface Started {
  readonly origin: string
  /** The text that the process has written to standard error so far. */
  readonly stderr: () => string
  /** Ends the process. */
  close(): Promise<void>
}

/**
 * Bundles the Worker that `entry` exports by default, and serves it in a new process of the
 * runtime. Only workerd uses the bindings.
 */
export const startIn = async (
  runtime: Runtime,
  entry: URL,
  bindings: Readonly<Record<string, string>> = {},
): Promise<Started> => {
  const folder = mkdtempSync(join(tmpdir(), 'zrecruit-host-'))
  await build({
    stdin: {
      contents: `import app from ${JSON.stringify(fileURLToPath(entry))}\n${runtime.serveCode}`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    format: 'esm',
    target: 'es2023',
    platform: 'neutral',
    conditions: ['@zrecruit/source'],
    mainFields: ['module', 'main'],
    external: ['node:*'],
    outfile: join(folder, 'script.mjs'),
  })
  writeFileSync(join(folder, 'workerd.capnp'), workerdConfig(bindings))
  const child = spawn(findProgram(runtime) ?? '', [...runtime.argv(folder)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      NODE_ENV: 'test',
      DENO_NO_UPDATE_CHECK: '1',
      DENO_DIR: folder,
      NO_PROXY: '127.0.0.1,localhost',
    },
  })
  let stderr = ''
  child.stderr.on('data', (chunk) => (stderr += String(chunk)))
  const ended = new Promise<void>((resolve) =>
    child.on('close', () => resolve()).on('error', () => resolve()),
  )
  const close = async () => {
    child.kill('SIGKILL')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  const port = await new Promise<number>((resolve, reject) => {
    void ended.then(() => reject(new Error(`${runtime.name} ended: ${stderr}`)))
    createInterface(child.stdout).on('line', (line) => {
      const reported = /"port": ?(\d+)/.exec(line)?.[1]
      if (reported !== undefined) resolve(Number(reported))
    })
  }).catch(async (error: unknown) => {
    await close()
    throw error
  })
  return { origin: `http://127.0.0.1:${port}`, stderr: () => stderr, close }
}
