import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
// Core's own search, so that there is one list of the spellings in which a secret could leak.
import { spellings } from '../../packages/oauth-core/test/client/canaries.ts'

export interface Searched {
  readonly files: number
  readonly bytes: number
  /** Which kinds of secret were found, and in which file. */
  readonly leaks: readonly string[]
  /** In how many files the text was found that is there in clear. */
  readonly withControl: number
}

const zeros = Buffer.alloc(1 << 16)

/**
 * Every file below a directory that was changed since, byte for byte; `more` is searched as if it
 * were a file.
 * @param since of a server that brings hundreds of files of its own: those that it has not touched
 * since then are left out
 */
export const search = async (
  directory: string,
  secrets: readonly { kind: string; secret: string }[],
  control: string,
  { since = 0, more = [] }: { since?: number; more?: readonly string[] },
): Promise<Searched> => {
  const wanted = secrets.flatMap(({ kind, secret }) =>
    spellings(secret).map((spelling) => ({ kind, spelling })),
  )
  const longest = Math.max(control.length, ...wanted.map(({ spelling }) => spelling.length))
  const names = (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  const [leaks, controlled] = [new Set<string>(), new Set<string>()]
  let [files, bytes] = [0, 0]
  const look = (name: string, text: string) => {
    if (text.includes(control)) controlled.add(name)
    for (const { kind, spelling } of wanted)
      if (text.includes(spelling)) leaks.add(`${kind} in ${name.slice(directory.length + 1)}`)
  }
  for (const name of names) {
    const { size, mtimeMs } = await stat(name)
    if (size === 0 || mtimeMs < since) continue
    files += 1
    let before = ''
    for await (const chunk of createReadStream(name, {
      highWaterMark: zeros.length,
    }) as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (before === '' && chunk.equals(zeros)) continue // A log of changes is made in advance.
      const text = before + chunk.toString('latin1')
      look(name, text)
      before = chunk.equals(zeros) ? '' : text.slice(-longest)
    }
  }
  for (const text of more) look(`${directory}/dump`, text)
  return { files, bytes, leaks: [...leaks], withControl: controlled.size }
}
