import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

// Checks how much the library adds to an app beyond its framework: the adapter's main entry point
// with core and all dependencies, from `dist`, bundled as for Workers.
const hono = {
  name: '@zrecruit/oauth-hono',
  from: 'packages/oauth-hono',
  external: ['hono', 'hono/*', 'node:*'],
}
const limits = [
  { ...hono, mainExport: '{ zohoRecruitFromBindings }', extraExport: '', maxBytes: 45_000 },
  // On Node, with the SQLite store of the package.
  {
    ...hono,
    mainExport: '{ zohoRecruit }',
    extraExport: "export { sqliteStore } from '@zrecruit/oauth-hono/sqlite'",
    maxBytes: 47_500,
  },
]

for (const { name, mainExport, extraExport, from, external, maxBytes } of limits) {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: `export ${mainExport} from '${name}'\n${extraExport}`,
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
  const result =
    `${name} ${mainExport}${extraExport && ' and ./sqlite'}: ${bytes.toLocaleString('en')} of ` +
    `${maxBytes.toLocaleString('en')} bytes, minified and gzipped`
  if (bytes > maxBytes) {
    console.error(`${result}. Too large. The largest files before gzip:`)
    const inputs = Object.values(metafile.outputs)
      .flatMap((output) => Object.entries(output.inputs))
      .map(([path, { bytesInOutput }]) => ({ path, bytesInOutput }))
    const largest = inputs.toSorted((a, b) => b.bytesInOutput - a.bytesInOutput).slice(0, 5)
    for (const { path, bytesInOutput } of largest) console.error(`${bytesInOutput}  ${path}`)
    process.exitCode = 1
  } else console.log(result)
}
