import { crc32, inflateRawSync } from 'node:zlib'

type Bytes = Uint8Array<ArrayBuffer>

/** A file in a ZIP archive. */
export interface ZipEntry {
  readonly name: string
  readonly bytes: Uint8Array
}

/** The archive is damaged, encrypted, or uses a feature that is not supported. */
export class InvalidZip extends Error {}

/** The unpacked files are larger than the limit. */
export class ZipTooLarge extends Error {}

const localHeaderSignature = 0x04034b50
const centralHeaderSignature = 0x02014b50
const endSignature = 0x06054b50
const localHeaderLength = 30
const centralHeaderLength = 46
const endLength = 22
const storedMethod = 0
const deflatedMethod = 8
/** Bit 11: the name is UTF-8. */
const utf8Flag = 0x0800
const encryptedFlag = 0x0001
/** The first of January 1980, the earliest date of the format. */
const earliestDate = 0x0021

/**
 * Writes an archive with one uncompressed file.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16
 */
export function writeZip({ name, bytes }: ZipEntry): Bytes {
  const nameBytes = new TextEncoder().encode(name)
  const localLength = localHeaderLength + nameBytes.length + bytes.length
  const centralLength = centralHeaderLength + nameBytes.length
  const archive = new Uint8Array(localLength + centralLength + endLength)
  const view = new DataView(archive.buffer)
  const writeCommonFields = (offset: number) => {
    view.setUint16(offset, 20, true)
    view.setUint16(offset + 2, utf8Flag, true)
    view.setUint16(offset + 4, storedMethod, true)
    view.setUint16(offset + 8, earliestDate, true)
    view.setUint32(offset + 10, crc32(bytes), true)
    view.setUint32(offset + 14, bytes.length, true)
    view.setUint32(offset + 18, bytes.length, true)
    view.setUint16(offset + 22, nameBytes.length, true)
  }
  view.setUint32(0, localHeaderSignature, true)
  writeCommonFields(4)
  archive.set(nameBytes, localHeaderLength)
  archive.set(bytes, localHeaderLength + nameBytes.length)

  view.setUint32(localLength, centralHeaderSignature, true)
  view.setUint16(localLength + 4, 20, true)
  writeCommonFields(localLength + 6)
  archive.set(nameBytes, localLength + centralHeaderLength)

  const end = localLength + centralLength
  view.setUint32(end, endSignature, true)
  view.setUint16(end + 8, 1, true)
  view.setUint16(end + 10, 1, true)
  view.setUint32(end + 12, centralLength, true)
  view.setUint32(end + 16, localLength, true)
  return archive
}

/**
 * Reads the files of an archive, stored or deflated, by its central directory. Folders are left
 * out.
 *
 * @throws {InvalidZip} for anything that is not such an archive
 * @throws {ZipTooLarge} if the files have more than `limitBytes` together
 */
export function readZip(archive: Uint8Array, limitBytes: number): ZipEntry[] {
  try {
    return readEntries(archive, limitBytes)
  } catch (error) {
    if (error instanceof InvalidZip || error instanceof ZipTooLarge) throw error
    // A DataView refuses an offset outside of the archive, and zlib refuses damaged data.
    throw new InvalidZip('The archive is damaged.', { cause: error })
  }
}

function readEntries(archive: Uint8Array, limitBytes: number): ZipEntry[] {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength)
  const end = findEnd(view)
  const count = view.getUint16(end + 10, true)
  const entries: ZipEntry[] = []
  let header = view.getUint32(end + 16, true)
  let remainingBytes = limitBytes
  for (let index = 0; index < count; index += 1) {
    const entry = readEntry(view, archive, header, remainingBytes)
    remainingBytes -= entry.bytes.length
    if (!entry.name.endsWith('/')) entries.push(entry)
    header +=
      centralHeaderLength +
      view.getUint16(header + 28, true) +
      view.getUint16(header + 30, true) +
      view.getUint16(header + 32, true)
  }
  return entries
}

/** The end record is the last one. Only a comment of at most 65,535 bytes may follow it. */
function findEnd(view: DataView): number {
  const first = Math.max(0, view.byteLength - endLength - 65_535)
  for (let offset = view.byteLength - endLength; offset >= first; offset -= 1)
    if (view.getUint32(offset, true) === endSignature) return offset
  throw new InvalidZip('The data is not a ZIP archive.')
}

function readEntry(
  view: DataView,
  archive: Uint8Array,
  header: number,
  limitBytes: number,
): ZipEntry {
  if (view.getUint32(header, true) !== centralHeaderSignature)
    throw new InvalidZip('The archive is damaged.')
  if ((view.getUint16(header + 8, true) & encryptedFlag) !== 0)
    throw new InvalidZip('The archive is encrypted.')
  const method = view.getUint16(header + 10, true)
  const packedLength = view.getUint32(header + 20, true)
  const unpackedLength = view.getUint32(header + 24, true)
  const nameLength = view.getUint16(header + 28, true)
  const local = view.getUint32(header + 42, true)
  if (unpackedLength > limitBytes) throw new ZipTooLarge()
  const nameStart = header + centralHeaderLength
  const name = new TextDecoder().decode(archive.subarray(nameStart, nameStart + nameLength))
  if (view.getUint32(local, true) !== localHeaderSignature)
    throw new InvalidZip('The archive is damaged.')
  const start =
    local + localHeaderLength + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
  const packed = archive.subarray(start, start + packedLength)
  const bytes = unpack(packed, method, unpackedLength)
  if (bytes.length !== unpackedLength || crc32(bytes) !== view.getUint32(header + 16, true))
    throw new InvalidZip('The archive is damaged.')
  return { name, bytes }
}

function unpack(packed: Uint8Array, method: number, unpackedLength: number): Uint8Array {
  if (method === storedMethod) return packed
  if (method !== deflatedMethod) throw new InvalidZip('The compression method is not supported.')
  // zlib requires a limit of at least one byte.
  return inflateRawSync(packed, { maxOutputLength: Math.max(1, unpackedLength) })
}
