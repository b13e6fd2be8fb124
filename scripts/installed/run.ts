import { execFile, type ExecFileException } from 'node:child_process'
import { randomBytes } from 'node:crypto'

export interface RunResult {
  /** `null` if the program was killed or did not start. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program and waits for its end, at most two minutes. */
export const run = (command: string, args: readonly string[], cwd: string): Promise<RunResult> =>
  new Promise((resolve) => {
    execFile(command, args, { cwd, env, timeout: 120_000 }, (error, stdout, stderr) => {
      const code = exitCodeOf(error)
      resolve({ code, stdout, stderr: code === null ? `${stderr}\n${error?.message}` : stderr })
    })
  })

const exitCodeOf = (error: ExecFileException | null): number | null => {
  if (error === null) return 0
  return typeof error.code === 'number' ? error.code : null
}

// Settings that pnpm and vitest pass to child processes are removed, because they describe this
// repository. The settings with which this machine reaches the registry are kept.
const removed = /^(npm_|pnpm_|vite|node_(?!extra_ca_certs)|init_cwd$|test$|force_color$|ci$)/i
const kept = /^npm_config_(registry|cafile|cache|userconfig|https?_proxy|noproxy)$/i

export const env: NodeJS.ProcessEnv = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => kept.test(name) || !removed.test(name)),
  ),
  NO_COLOR: '1',
  ZOHO_CLIENT_ID: '1000.CLIENT',
  ZOHO_CLIENT_SECRET: 'secret',
  ZOHO_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
}
