import { deflateRawSync } from 'node:zlib'
import { writeZip } from '../src/files/zip.ts'

const localHeaderLength = 30
const endLength = 22

/** An archive with one deflated file. */
export function deflatedZip(name: string, bytes: Uint8Array): Uint8Array {
  const stored = writeZip({ name, bytes })
  const dataStart = localHeaderLength + new TextEncoder().encode(name).length
  const packed = deflateRawSync(bytes)
  const central = dataStart + packed.length
  const archive = Buffer.concat([
    stored.subarray(0, dataStart),
    packed,
    stored.subarray(dataStart + bytes.length),
  ])
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength)
  view.setUint16(8, 8, true)
  view.setUint32(18, packed.length, true)
  view.setUint16(central + 10, 8, true)
  view.setUint32(central + 20, packed.length, true)
  view.setUint32(archive.length - endLength + 16, central, true)
  return new Uint8Array(archive)
}

/** An archive with the files of two archives that have one file each. */
export function joinZips(first: Uint8Array, second: Uint8Array): Uint8Array {
  const [one, two] = [split(first), split(second)]
  const archive = Buffer.concat([one.local, two.local, one.central, two.central, one.end])
  const central = one.local.length + two.local.length
  archive.writeUInt32LE(one.local.length, central + one.central.length + 42)
  const end = archive.length - endLength
  archive.writeUInt16LE(2, end + 8)
  archive.writeUInt16LE(2, end + 10)
  archive.writeUInt32LE(one.central.length + two.central.length, end + 12)
  archive.writeUInt32LE(central, end + 16)
  return new Uint8Array(archive)
}

function split(archive: Uint8Array): Record<'local' | 'central' | 'end', Uint8Array> {
  const end = archive.length - endLength
  const central = new DataView(archive.buffer, archive.byteOffset).getUint32(end + 16, true)
  return {
    local: archive.subarray(0, central),
    central: archive.subarray(central, end),
    end: archive.subarray(end),
  }
}
