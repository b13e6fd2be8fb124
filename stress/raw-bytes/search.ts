import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
// Core's list of the encodings in which a secret could leak.
import { spellings } from '../../packages/oauth-core/test/client/canaries.ts'

export interface SearchResult {
  readonly files: number
  readonly bytes: number
  /** The kinds of the secrets that were found, with their files. */
  readonly leaks: readonly string[]
  /** The number of files that contain the control text. */
  readonly filesWithControl: number
}

const zeros = Buffer.alloc(1 << 16)

/**
 * Searches all files below a directory for secrets, byte by byte.
 * @param control a text that must be found, to show that the search works
 * @param options.since skips files that were not changed after this instant, such as the hundreds
 * of files that a new server has
 * @param options.more texts that are searched as if they were files
 */
export const search = async (
  directory: string,
  secrets: readonly { kind: string; secret: string }[],
  control: string,
  { since = 0, more = [] }: { since?: number; more?: readonly string[] },
): Promise<SearchResult> => {
  const wanted = secrets.flatMap(({ kind, secret }) =>
    spellings(secret).map((spelling) => ({ kind, spelling })),
  )
  const longest = Math.max(control.length, ...wanted.map(({ spelling }) => spelling.length))
  const names = (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  const leaks = new Set<string>()
  const namesWithControl = new Set<string>()
  let files = 0
  let bytes = 0
  const searchText = (name: string, text: string) => {
    if (text.includes(control)) namesWithControl.add(name)
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
      if (before === '' && chunk.equals(zeros)) continue // A new WAL file is full of zeros.
      const text = before + chunk.toString('latin1')
      searchText(name, text)
      before = chunk.equals(zeros) ? '' : text.slice(-longest)
    }
  }
  for (const text of more) searchText(`${directory}/dump`, text)
  return { files, bytes, leaks: [...leaks], filesWithControl: namesWithControl.size }
}
