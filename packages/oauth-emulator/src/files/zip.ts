import { unzipSync, zipSync } from 'fflate'

/** A file in a ZIP archive. */
export interface ZipEntry {
  readonly name: string
  readonly bytes: Uint8Array
}

/** The data is no ZIP archive, or a damaged one. */
export class InvalidZip extends Error {}

/** The unpacked files are larger than the limit. */
export class ZipTooLarge extends Error {}

/** Writes an archive with one file. Equal files give equal archives. */
export function writeZip({ name, bytes }: ZipEntry): Uint8Array<ArrayBuffer> {
  return zipSync({ [name]: bytes }, { mtime: '1980-01-01' })
}

/**
 * Reads the files of an archive. Folders are left out.
 *
 * @throws {InvalidZip} for anything that is not an archive
 * @throws {ZipTooLarge} if the files have more than `limitBytes` together
 */
export function readZip(archive: Uint8Array, limitBytes: number): ZipEntry[] {
  let remainingBytes = limitBytes
  try {
    const files = unzipSync(archive, {
      filter({ name, originalSize }) {
        remainingBytes -= originalSize
        if (remainingBytes < 0) throw new ZipTooLarge()
        return !name.endsWith('/')
      },
    })
    return Object.entries(files).map(([name, bytes]) => ({ name, bytes }))
  } catch (error) {
    if (error instanceof ZipTooLarge) throw error
    throw new InvalidZip('The data is not a ZIP archive.', { cause: error })
  }
}
