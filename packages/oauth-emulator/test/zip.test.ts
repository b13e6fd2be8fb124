import { deflateRawSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { readZip, writeZip } from '../src/files/zip.ts'

it('reads deflated archives, and refuses damaged and oversized ones', () => {
  const bytes = new TextEncoder().encode('Last_Name\n'.repeat(1000))
  const archive = deflated(writeZip({ name: 'a.csv', bytes }), bytes)
  expect(readZip(archive, 10_000).map(({ name }) => name)).toEqual(['a.csv'])
  expect(Buffer.from(readZip(archive, 10_000)[0]?.bytes ?? []).toString()).toBe(
    'Last_Name\n'.repeat(1000),
  )
  expect(() => readZip(archive, 9999)).toThrow()
  for (const cut of [0, 10, 21, archive.length - 1])
    expect(() => readZip(archive.slice(0, cut), 10_000)).toThrow()
  const stored = writeZip({ name: 'a.csv', bytes })
  stored[40] = (stored[40] ?? 0) ^ 1
  expect(() => readZip(stored, 10_000)).toThrow('damaged')
  for (let index = 0; index < archive.length; index += 1) {
    const damaged = archive.slice()
    damaged[index] = (damaged[index] ?? 0) ^ 0xff
    try {
      expect(readZip(damaged, 10_000)[0]?.bytes.length ?? 0).toBeLessThanOrEqual(10_000)
    } catch (error) {
      expect((error as Error).constructor.name).toMatch(/^(InvalidZip|ZipTooLarge)$/)
    }
  }
})

/** The same archive with its file deflated. */
function deflated(stored: Uint8Array, bytes: Uint8Array): Uint8Array {
  const packed = deflateRawSync(bytes)
  const head = stored.slice(0, 30 + 5)
  const tail = stored.slice(30 + 5 + bytes.length)
  const archive = new Uint8Array([...head, ...packed, ...tail])
  const view = new DataView(archive.buffer)
  const central = head.length + packed.length
  view.setUint16(8, 8, true)
  view.setUint32(18, packed.length, true)
  view.setUint16(central + 10, 8, true)
  view.setUint32(central + 20, packed.length, true)
  view.setUint32(archive.length - 22 + 16, central, true)
  return archive
}
