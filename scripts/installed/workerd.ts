import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import ts from 'typescript-5'
import type { Package } from '../shipped/packages.ts'
import { env, type RunResult } from './run.ts'

/**
 * Bundles `program.js` like wrangler, and sends it one request in workerd. The response is returned
 * as `stdout`. The wrangler file in the package's README defines its Durable Objects.
 */
export const runInWorkerd = async (each: Package, folder: string): Promise<RunResult> => {
  const bundle = join(folder, 'worker.mjs')
  await build({
    entryPoints: [join(folder, 'program.js')],
    outfile: bundle,
    bundle: true,
    format: 'esm',
    target: 'es2023',
    platform: 'browser',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['node:*', 'cloudflare:*'],
    logLevel: 'silent',
  })
  const objects = durableObjectsIn(readFileSync(join(each.folder, 'README.md'), 'utf8'))
  writeFileSync(join(folder, 'config.capnp'), configOf(objects, mkdtempSync(join(folder, 'disk-'))))
  const workerdManifest = findPackageJSON(
    'workerd',
    pathToFileURL(join(each.folder, 'package.json')),
  )
  if (workerdManifest === undefined)
    throw new Error(`${each.manifest.name} has no workerd among its devDependencies`)
  const child = spawn(
    join(dirname(workerdManifest), 'bin/workerd'),
    ['serve', '--experimental', '--control-fd=3', join(folder, 'config.capnp')],
    { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] },
  )
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  let log = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => (log += String(chunk)))
  const closed = new Promise((resolve) => child.once('close', resolve))
  try {
    const port = await Promise.race([
      new Promise<number>((resolve) =>
        child.stdio[3]?.on('data', (chunk) =>
          resolve((JSON.parse(String(chunk).split('\n')[0] ?? '') as { port: number }).port),
        ),
      ),
      closed.then(() => undefined),
    ])
    if (port === undefined) return { code: 1, stdout: '', stderr: log }
    const response = await fetch(`http://127.0.0.1:${port}/`)
    const text = await response.text()
    return { code: response.ok ? 0 : 1, stdout: text, stderr: log }
  } finally {
    kill()
    await closed
    process.off('exit', kill)
  }
}

interface DurableObject {
  readonly name: string
  readonly class_name: string
}

const durableObjectsIn = (readme: string): readonly DurableObject[] => {
  const block = /```jsonc\n(.*?)```/s.exec(readme)?.[1] ?? '{}'
  const { config, error } = ts.parseConfigFileTextToJson('wrangler.jsonc', block) as {
    config?: { durable_objects?: { bindings: DurableObject[] } }
    error?: unknown
  }
  if (error !== undefined) throw new Error(`the wrangler file in the README is not JSON: ${block}`)
  return config?.durable_objects?.bindings ?? []
}

/** The objects are stored on disk, because objects in memory have no SQL. */
const configOf = (
  objects: readonly DurableObject[],
  disk: string,
): string => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "disk", disk = (path = ${JSON.stringify(disk)}, writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
  compatibilityDate = "2026-11-01",
  durableObjectNamespaces = [${objects.map(formatNamespace).join(', ')}],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [
    ${[
      ...objects.map(
        ({ name, class_name }) => `(name = "${name}", durableObjectNamespace = "${class_name}")`,
      ),
      ...Object.entries(env)
        .filter(([name]) => name.startsWith('ZOHO_'))
        .map(([name, value]) => `(name = "${name}", text = "${value}")`),
    ].join(',\n    ')},
  ],
);
`

const formatNamespace = ({ class_name: name }: DurableObject): string =>
  `(className = "${name}", uniqueKey = "${name}", enableSql = true)`
