import { expect, it } from 'vitest'
import { finish, write } from './bulk.ts'
import { connectTo } from './recruit-api.ts'
import { start } from './support.ts'

const rowsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => `Okoye,${index}@mail.example\n`).join('')

it.each([
  ['25,001 records', `Last_Name,Email\n${rowsOf(25_001)}`],
  ['201 columns', `Last_Name${',x'.repeat(200)}\n`],
])('refuses a file with %s', async (_, csv) => {
  const emulator = await start()
  const api = await connectTo(emulator)
  expect(await write(api, 'insert', csv)).toMatchObject({
    status: 400,
    body: {
      code: 'INVALID_DATA',
      message: 'A file can have at most 25000 records and 200 columns',
    },
  })
})

it('upserts 25,000 records by their e-mail addresses without blocking for seconds', async () => {
  const emulator = await start()
  const api = await connectTo(emulator)
  const csv = `Last_Name,Email\n${rowsOf(25_000)}`
  for (const [member, other] of [
    ['added_count', 'updated_count'],
    ['updated_count', 'added_count'],
  ] as const) {
    const { id } = await write(api, 'upsert', csv, { find_by: 'Email' })
    const startedAt = performance.now()
    const { file } = (await finish(api, 'write', id)).resource[0]
    expect(file).toMatchObject({ [member]: 25_000, [other]: 0, skipped_count: 0 })
    expect(performance.now() - startedAt).toBeLessThan(3000)
  }
})

it('rows of one file find the records of the rows before them', async () => {
  const emulator = await start()
  const api = await connectTo(emulator)
  const csv = 'Last_Name,Email\nA,1@mail.example\nB,1@mail.example\nC,2@mail.example\n'
  const { id } = await write(api, 'upsert', csv, { find_by: 'Email' })
  expect((await finish(api, 'write', id)).resource[0].file).toMatchObject({
    added_count: 2,
    updated_count: 1,
  })
  const records = (await api.call('GET', 'Candidates')).body.data.slice(14)
  expect(records.map((record: any) => record.Last_Name)).toEqual(['B', 'C'])
})

it('an update does not find a record by a value that an earlier row replaced', async () => {
  const emulator = await start()
  const api = await connectTo(emulator)
  const [first, second] = (await api.call('GET', 'Candidates')).body.data
  const csv = `id,City,Last_Name\n${first.id},Nowhere,A\n,${first.City},B\n${second.id},Nowhere,C\n`
  const { id } = await write(api, 'upsert', csv, { find_by: 'City' })
  await finish(api, 'write', id)
  const records = (await api.call('GET', 'Candidates')).body.data
  expect(records[0]).toMatchObject({ City: 'Nowhere', Last_Name: 'A' })
  expect(records[1]).toMatchObject({ City: 'Nowhere', Last_Name: 'C' })
})

it('refuses a mapping of a column that the file does not have', async () => {
  const emulator = await start()
  const api = await connectTo(emulator)
  const mappings = (index: number) => ({ field_mappings: [{ api_name: 'Last_Name', index }] })
  const csv = 'name,mail\nx,y\n'
  expect((await write(api, 'insert', csv, mappings(1))).status).toBe(201)
  expect(await write(api, 'insert', csv, mappings(2))).toMatchObject({
    status: 400,
    body: { message: 'resource.field_mappings: the file has no column 2 for Last_Name' },
  })
})

it.each([
  ['UTF-8', 201],
  ['utf8', 201],
  ['ISO-8859-1', 400],
  [{ toString: 1 }, 400],
])('a job with the character encoding %j: %i', async (encoding, status) => {
  const emulator = await start()
  const api = await connectTo(emulator)
  const job = await write(api, 'insert', 'Last_Name\nx\n', {}, { character_encoding: encoding })
  expect(job.status).toBe(status)
})

it.each([
  ['module', { toString: 1 }],
  ['module', ['Candidates']],
  ['file_id', { toString: 1 }],
])('refuses a resource whose %s is %j', async (name, value) => {
  const emulator = await start()
  const api = await connectTo(emulator)
  const job = await write(api, 'insert', 'Last_Name\nx\n', { [name]: value })
  expect(job).toMatchObject({ status: 400, body: { code: 'INVALID_DATA' } })
})

it('find_by with the name of a member of every object finds nothing', async () => {
  const emulator = await start()
  const api = await connectTo(emulator)
  const { id } = await write(api, 'update', 'Last_Name\nx\n', { find_by: 'constructor' })
  expect((await finish(api, 'write', id)).resource[0].file).toMatchObject({
    updated_count: 0,
    skipped_count: 1,
  })
})
