import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'

/**
 * Bundles the store for a target of esbuild, and reads with it in a runtime. Returns the bundle,
 * and what the program printed: a record, or an error.
 */
export const runBundledStore = async (
  directory: string,
  target: string,
  [program, ...args]: readonly [program: string, ...args: string[]] = [process.execPath],
): Promise<{ readonly code: string; readonly output: string }> => {
  const script = join(directory, 'script.cjs')
  await build({
    stdin: {
      contents: `
        import { sqliteStore } from './index.ts'
        const main = async () => {
          const store = sqliteStore(${JSON.stringify(join(directory, 'zoho.db'))})
          const record = { revision: 'one', status: 'active', pending: false, envelope: 'e' }
          await store.write('acme', record, 'absent')
          return (await store.read('acme')).record.revision
        }
        main().then(console.log, (error) => console.log(error.code + ': ' + error.message))
      `,
      resolveDir: join(import.meta.dirname, '../../../src/store/sqlite'),
    },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target,
    outfile: script,
    logLevel: 'error',
  })
  const { stdout } = await promisify(execFile)(program, [...args, script], {
    env: { ...process.env, DENO_NO_UPDATE_CHECK: '1', DENO_DIR: directory },
  })
  return { code: readFileSync(script, 'utf8'), output: stdout.trim() }
}
