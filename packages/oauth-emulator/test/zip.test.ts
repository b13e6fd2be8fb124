import { zipSync } from 'fflate'
import { expect, it } from 'vitest'
import { InvalidZip, readZip, writeZip, ZipTooLarge } from '../src/files/zip.ts'

const text = 'Last_Name\n'.repeat(1000)
const bytes = new TextEncoder().encode(text)

it('reads what it writes, and writes equal archives for equal files', () => {
  const [entry] = readZip(writeZip({ name: 'a.csv', bytes }), 10_000)
  expect([entry?.name, Buffer.from(entry?.bytes ?? []).toString()]).toEqual(['a.csv', text])
  expect(writeZip({ name: 'a.csv', bytes })).toEqual(writeZip({ name: 'a.csv', bytes }))
})

it('leaves out folders', () => {
  const archive = zipSync({ folder: { 'a.csv': bytes } })
  expect(readZip(archive, 10_000).map(({ name }) => name)).toEqual(['folder/a.csv'])
})

it('refuses files that are larger than the limit together', () => {
  const archive = zipSync({ 'a.csv': bytes, 'b.csv': bytes })
  expect(readZip(archive, 20_000)).toHaveLength(2)
  expect(() => readZip(archive, 19_999)).toThrow(ZipTooLarge)
})

it('refuses data that is no archive, and never unpacks more than the limit', () => {
  const archive = zipSync({ 'a.csv': bytes })
  for (const cut of [0, 10, 21])
    expect(() => readZip(archive.slice(0, cut), 1e4)).toThrow(InvalidZip)
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
