import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const read = (framework: string, file: string): string =>
  readFileSync(
    join(dirname(fileURLToPath(import.meta.url)), '../../..', framework, 'minimal', file),
    'utf8',
  )

it.each(['src/page.ts', 'src/html.ts', 'src/zoho.ts', 'README.md'])(
  '%s is that of the Hono app, but for the name of the framework',
  (file) => {
    expect(read('koa', file)).toBe(
      read('hono', file)
        .replaceAll('@zrecruit/oauth-hono', '@zrecruit/oauth-koa')
        .replaceAll('examples/hono/', 'examples/koa/')
        .replace('# Hono, minimal', '# Koa, minimal'),
    )
  },
)
