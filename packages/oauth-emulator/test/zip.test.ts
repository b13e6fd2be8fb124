import { expect, it } from 'vitest'
import { readZip, writeZip } from '../src/files/zip.ts'
import { deflatedZip } from './archives.ts'

it('reads deflated archives, and refuses damaged and oversized ones', () => {
  const bytes = new TextEncoder().encode('Last_Name\n'.repeat(1000))
  const archive = deflatedZip('a.csv', bytes)
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
