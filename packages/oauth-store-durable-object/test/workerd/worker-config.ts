import { join } from 'node:path'
import { build } from 'esbuild'

/** Bundles the Worker, with a class for each store. */
export const bundleWorker = async (file: string, stores: number) => {
  const classes = Array.from(
    { length: stores },
    (_, number) => `export class Store${number} extends forStore(${number}) {}`,
  )
  const contents = `import worker, { forStore } from './worker.ts'
export default worker
export { ZohoConnections } from './worker.ts'
${classes.join('\n')}`
  await build({
    stdin: { contents, resolveDir: join(import.meta.dirname, '../inside') },
    bundle: true,
    format: 'esm',
    target: 'es2023',
    platform: 'neutral',
    conditions: ['@zrecruit/source'],
    external: ['node:*', 'cloudflare:*'],
    outfile: file,
  })
}

interface WorkerdOptions {
  readonly disk: string
  readonly compatibilityDate: string
  /** The number of classes `Store0`, `Store1` and so on. */
  readonly stores: number
  readonly variables: Readonly<
    Record<string, { readonly json: unknown } | { readonly text: string }>
  >
}

export const workerdConfig = ({
  disk,
  compatibilityDate,
  stores,
  variables,
}: WorkerdOptions): string => {
  const classes = new Map([['ZOHO', 'ZohoConnections']])
  for (let number = 0; number < stores; number++) classes.set(`STORE${number}`, `Store${number}`)
  const bindings = [
    ...[...classes].map(
      ([binding, name]) => `(name = ${quote(binding)}, durableObjectNamespace = ${quote(name)})`,
    ),
    ...Object.entries(variables).map(([name, value]) =>
      'json' in value
        ? `(name = ${quote(name)}, json = ${quote(JSON.stringify(value.json))})`
        : `(name = ${quote(name)}, text = ${quote(value.text)})`,
    ),
  ]
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "disk", disk = (path = ${quote(disk)}, writable = true)),
    (name = "internet", network = (allow = ["private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
  compatibilityDate = ${quote(compatibilityDate)}, compatibilityFlags = ["nodejs_compat"],
  durableObjectNamespaces = [${[...classes.values()].map(formatNamespace).join(', ')}],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [
    ${bindings.join(',\n    ')},
  ],
);
`
}

const quote = (text: string): string => JSON.stringify(text)
const formatNamespace = (className: string): string =>
  `(className = ${quote(className)}, uniqueKey = ${quote(className)}, enableSql = true)`
