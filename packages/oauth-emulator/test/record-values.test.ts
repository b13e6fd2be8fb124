import { expect, it } from 'vitest'
import { connectTo } from './recruit-api.ts'
import { start } from './support.ts'

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

it.each([
  ['POST', 'Candidates', '"Deep"'],
  ['POST', 'Candidates', '"Last_Name"'],
  ['POST', 'Candidates/upsert', '"Deep"'],
  ['PUT', 'Candidates', '"Deep"'],
])('%s %s refuses a deeply nested value of %s', async (method, path, name) => {
  const emulator = await start()
  const { send, call } = await connectTo(emulator)
  for (const depth of [50, 20_000]) {
    const body = `{"data":[{"Last_Name":"D","id":"1",${name}:${nested(depth)}}]}`
    const response = await send(method, path, { body })
    expect([response.status, (await response.json()).code]).toEqual([400, 'INVALID_DATA'])
  }
  expect((await call('GET', 'Candidates')).body.info.count).toBe(14)
})

it('keeps a value with some levels', async () => {
  const emulator = await start()
  const { send, call } = await connectTo(emulator)
  const body = `{"data":[{"Last_Name":"D","Deep":${nested(20)}}]}`
  expect((await send('POST', 'Candidates', { body })).status).toBe(201)
  const record = (await call('GET', 'Candidates')).body.data.at(-1)
  expect(JSON.stringify(record.Deep)).toBe(nested(20))
})

it.each([[{ toString: 1 }], [['a']], [1]])('refuses the name %j', async (name) => {
  const emulator = await start()
  const { call } = await connectTo(emulator)
  for (const record of [{ Last_Name: name }, { Last_Name: 'x', First_Name: name }])
    expect(await call('POST', 'Candidates', { data: [record] })).toMatchObject({
      status: 400,
      body: { code: 'INVALID_DATA' },
    })
})

it('searches compare lists by their items, and objects without a name as empty', async () => {
  const emulator = await start()
  const { call } = await connectTo(emulator)
  const odd = { toString: 1 }
  const data = [{ Last_Name: 'x', Skills: ['Welding', odd], Odd: odd, Owner: { name: odd } }]
  expect((await call('POST', 'Candidates', { data })).status).toBe(201)
  const find = async (query: string) =>
    (await call('GET', `Candidates/search?${query}`)).body?.data.length ?? 0
  expect(await find('word=welding')).toBe(1)
  expect(await find('word=object')).toBe(0)
  expect(await find('criteria=(Odd:equals:x)')).toBe(0)
})

it.each(['constructor', 'toString', '__proto__'])(
  'an upsert that checks the field %s inserts a record without it',
  async (name) => {
    const emulator = await start()
    const { call } = await connectTo(emulator)
    const body = { data: [{ Last_Name: 'x' }], duplicate_check_fields: [name] }
    expect(await call('POST', 'Candidates/upsert', body)).toMatchObject({
      status: 201,
      body: { data: [{ action: 'insert' }] },
    })
  },
)

it('WRITE of a module allows adding, changing and deleting records, but not reading', async () => {
  const emulator = await start()
  const { call } = await connectTo(emulator, { scope: 'ZohoRecruit.modules.candidate.WRITE' })
  const added = await call('POST', 'Candidates', { data: [{ Last_Name: 'x' }] })
  expect(added.status).toBe(201)
  const { id } = added.body.data[0].details
  expect((await call('PUT', 'Candidates', { data: [{ id, City: 'x' }] })).status).toBe(200)
  const upsert = { data: [{ id, Last_Name: 'y' }] }
  expect((await call('POST', 'Candidates/upsert', upsert)).status).toBe(200)
  const refused = { status: 401, body: { code: 'OAUTH_SCOPE_MISMATCH' } }
  expect(await call('GET', `Candidates/${id}`)).toMatchObject(refused)
  expect(await call('POST', 'Contacts', { data: [{ Last_Name: 'x' }] })).toMatchObject(refused)
  expect((await call('DELETE', `Candidates?ids=${id}`)).status).toBe(200)
})
