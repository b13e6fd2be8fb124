import { execFile, type ExecFileException } from 'node:child_process'
import { randomBytes } from 'node:crypto'

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end, which it has to find by itself. */
export const run = (command: string, args: readonly string[], cwd: string): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(command, args, { cwd, env, timeout: 120_000 }, (error, stdout, stderr) => {
      const code = exitCodeOf(error)
      resolve({ code, stdout, stderr: code === null ? `${stderr}\n${error?.message}` : stderr })
    })
  })

/** None, where the program was killed or did not start. */
const exitCodeOf = (error: ExecFileException | null): number | null => {
  if (error === null) return 0
  return typeof error.code === 'number' ? error.code : null
}

// What pnpm and vitest tell their children about this repository would be taken for the user's
// settings. Kept is how this machine reaches the registry.
const foreign = /^(npm_|pnpm_|vite|node_(?!extra_ca_certs)|init_cwd$|test$|force_color$|ci$)/i
const kept = /^npm_config_(registry|cafile|cache|userconfig|https?_proxy|noproxy)$/i

export const env: NodeJS.ProcessEnv = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => kept.test(name) || !foreign.test(name)),
  ),
  NO_COLOR: '1',
  ZOHO_CLIENT_ID: '1000.CLIENT',
  ZOHO_CLIENT_SECRET: 'secret',
  ZOHO_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
}
