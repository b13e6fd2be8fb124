import { spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { endTree } from './process-tree.ts'

/**
 * Starts another process that guards a server and its directory. When this process ends, even by
 * SIGKILL, the guard ends the server and removes the directory. `watch` tells the guard the
 * server's process, or undefined if none is running. `dismiss` ends the guard.
 */
export const startGuard = (
  directory: string,
): { watch(pid: number | undefined): void; dismiss(): void } => {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), directory], {
    stdio: ['pipe', 'ignore', 'inherit'],
    detached: true,
  })
  child.unref()
  const pipe = child.stdin as unknown as Socket
  pipe.unref()
  pipe.on('error', () => undefined)
  return {
    watch: (pid) => void pipe.write(`${pid ?? ''}\n`),
    dismiss: () => void pipe.end('dismissed\n'),
  }
}

// In the process of the guard: standard input ends when the other process ends.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const directory = process.argv[2] as string
  let lastLine = ''
  for await (const line of createInterface(process.stdin)) lastLine = line
  if (lastLine !== 'dismissed') {
    if (lastLine !== '') await endTree(Number(lastLine))
    await rm(directory, { recursive: true, force: true })
  }
}
