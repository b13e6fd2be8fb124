import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

// What an app sends to its runtime beyond its framework: the adapter's main door with core and all
// they depend on, from `dist`, as a bundler for Workers would take it.
const hono = {
  name: '@zrecruit/oauth-hono',
  from: 'packages/oauth-hono',
  external: ['hono', 'hono/*', 'node:*'],
}
const limits = [
  { ...hono, imports: '{ zohoRecruit }', also: '', maxBytes: 29_000 },
  // On Node, with the store that comes along.
  {
    ...hono,
    imports: '{ zohoRecruit }',
    also: "export { sqliteStore } from '@zrecruit/oauth-hono/sqlite'",
    maxBytes: 32_000,
  },
]

for (const { name, imports, also, from, external, maxBytes } of limits) {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: `export ${imports} from '${name}'\n${also}`,
      resolveDir: join(import.meta.dirname, '..', from),
    },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: 'es2023',
    platform: 'neutral',
    conditions: ['workerd', 'worker', 'browser'],
    external,
  })
  const bytes = outputFiles.reduce(
    (sum, file) => sum + gzipSync(file.contents, { level: 9 }).length,
    0,
  )
  const verdict =
    `${name} ${imports}${also && ' and ./sqlite'}: ${bytes.toLocaleString('en')} of ` +
    `${maxBytes.toLocaleString('en')} bytes, minified and gzipped`
  if (bytes > maxBytes) {
    console.error(`${verdict}. Too big; before gzip these are the largest:`)
    const parts = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs))
    for (const [path, { bytesInOutput }] of parts
      .toSorted((a, b) => b[1].bytesInOutput - a[1].bytesInOutput)
      .slice(0, 5))
      console.error(`${bytesInOutput}  ${path}`)
    process.exitCode = 1
  } else console.log(verdict)
}
