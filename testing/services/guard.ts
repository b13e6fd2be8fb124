import { spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { endTree } from './process-tree.ts'

/**
 * Looks after a server and its directory from a process of its own: when this process is gone,
 * killed by SIGKILL even, the guard ends the server and removes the directory.
 */
export const guard = (
  directory: string,
): { watch(pid: number | undefined): void; dismiss(): void } => {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), directory], {
    stdio: ['pipe', 'ignore', 'inherit'],
    detached: true,
  })
  child.unref()
  const line = child.stdin as unknown as Socket
  line.unref()
  line.on('error', () => undefined)
  return {
    watch: (pid) => void line.write(`${pid ?? ''}\n`),
    dismiss: () => void line.end('dismissed\n'),
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const directory = process.argv[2] as string
  let last = ''
  for await (const line of createInterface(process.stdin)) last = line
  if (last !== 'dismissed') {
    if (last !== '') await endTree(Number(last))
    await rm(directory, { recursive: true, force: true })
  }
}
