import { expect, it } from 'vitest'
import { CsvTooLarge, InvalidCsv, parseCsv, writeCsv } from '../src/files/csv.ts'

const limits = { rows: 1000, columns: 200 }

it.each([
  [
    'a,b\r\nc,d\r\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    '\ufeffa,b\nc,d',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  ['"a,1","b\r\n2","c""3"\n', [['a,1', 'b\r\n2', 'c"3']]],
  ['a"b,""\n', [['a"b', '']]],
  ['""""\n', [['"']]],
  ['\n\r\n,\na,\n', [['a', '']]],
  ['', []],
])('parses %j', (text, rows) => {
  expect(parseCsv(text, limits)).toEqual(rows)
})

it.each(['"never closed\n,', '"'])('refuses %j', (text) => {
  expect(() => parseCsv(text, limits)).toThrow(InvalidCsv)
})

it('reads what it writes', () => {
  const rows = [
    ['a', '"', 'x,y'],
    ['\r\n', 'é', ''],
  ]
  expect(parseCsv(writeCsv(rows), limits)).toEqual(rows)
})

it('refuses more rows or columns than allowed', () => {
  expect(parseCsv('a\n'.repeat(1000), limits)).toHaveLength(1000)
  expect(() => parseCsv('a\n'.repeat(1001), limits)).toThrow(CsvTooLarge)
  expect(parseCsv(`${'a,'.repeat(199)}a`, limits)[0]).toHaveLength(200)
  expect(() => parseCsv(`${'a,'.repeat(200)}a`, limits)).toThrow(CsvTooLarge)
})
