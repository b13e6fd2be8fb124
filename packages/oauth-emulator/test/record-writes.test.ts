import { expect, it } from 'vitest'
import { connectTo } from './recruit-api.ts'
import { start } from './support.ts'

it('creates, reads, changes and deletes a record', async () => {
  const emulator = await start()
  const { call } = await connectTo(emulator)
  const created = await call('POST', 'Candidates', {
    data: [{ First_Name: 'Ada', Last_Name: 'Okoye', Email: 'ada@mail.example', id: '1' }],
  })
  expect(created).toMatchObject({
    status: 201,
    body: {
      data: [
        {
          code: 'SUCCESS',
          details: {
            id: expect.stringMatching(/^\d{19}$/),
            Created_Time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/),
            Created_By: { name: 'Maya Brooks' },
          },
          message: 'record added',
          status: 'success',
        },
      ],
    },
  })
  const { id, Created_Time } = created.body.data[0].details
  expect((await call('GET', `Candidates/${id}`)).body.data[0]).toMatchObject({
    id,
    Full_Name: 'Ada Okoye',
    Email: 'ada@mail.example',
  })
  expect((await call('GET', 'Candidates')).body.info.count).toBe(15)

  emulator.advanceClock(60)
  const updated = await call('PUT', `Candidates/${id}`, { data: [{ City: 'Lagos' }] })
  expect(updated).toMatchObject({ status: 200, body: { data: [{ message: 'record updated' }] } })
  const changed = (await call('GET', `Candidates/${id}`)).body.data[0]
  expect(changed).toMatchObject({ City: 'Lagos', Last_Name: 'Okoye', Created_Time })
  expect(Date.parse(changed.Modified_Time)).toBeGreaterThan(Date.parse(Created_Time))

  const list = await call('PUT', 'Candidates', { data: [{ id, Last_Name: 'Okafor' }] })
  expect(list.status).toBe(200)
  expect((await call('GET', `Candidates/${id}`)).body.data[0].Full_Name).toBe('Ada Okafor')

  expect(await call('DELETE', `Candidates/${id}`)).toMatchObject({
    status: 200,
    body: { data: [{ code: 'SUCCESS', details: { id }, message: 'record deleted' }] },
  })
  expect((await call('GET', `Candidates/${id}`)).status).toBe(204)
})

it('answers for each record: 201 if all succeed, 207 if some do, 202 if none does', async () => {
  const emulator = await start()
  const { call } = await connectTo(emulator)
  const good = { Last_Name: 'Okoye' }
  const bad = { First_Name: 'Ada' }
  const missing = {
    code: 'MANDATORY_NOT_FOUND',
    details: { api_name: 'Last_Name' },
    message: 'required field not found',
    status: 'error',
  }
  expect((await call('POST', 'Candidates', { data: [good, good] })).status).toBe(201)
  const some = await call('POST', 'Candidates', { data: [good, bad] })
  expect([some.status, some.body.data[1]]).toEqual([207, missing])
  const none = await call('POST', 'Candidates', { data: [bad] })
  expect([none.status, none.body]).toEqual([202, { data: [missing] }])
  expect((await call('GET', 'Candidates')).body.info.count).toBe(17)
  const { id } = some.body.data[0].details
  expect((await call('PUT', 'Candidates', { data: [{ id, Last_Name: '' }] })).body.data[0]).toEqual(
    missing,
  )
  expect(
    (await call('PUT', 'Candidates', { data: [{ id: '1', City: 'x' }] })).body.data[0],
  ).toEqual({
    code: 'INVALID_DATA',
    details: { id: '1' },
    message: 'the id given seems to be invalid',
    status: 'error',
  })
  expect((await call('DELETE', `Candidates?ids=1, ${id}`)).status).toBe(207)
})

it.each([
  ['an empty list', { data: [] }],
  ['101 records', { data: Array.from({ length: 101 }, () => ({ Last_Name: 'x' })) }],
  ['no list', { data: { Last_Name: 'x' } }],
  ['a record that is text', { data: ['x'] }],
  ['a list as the body', [{ Last_Name: 'x' }]],
])('refuses a body with %s', async (_, body) => {
  const emulator = await start()
  const { call } = await connectTo(emulator)
  expect(await call('POST', 'Candidates', body)).toMatchObject({
    status: 400,
    body: { code: 'INVALID_DATA', status: 'error' },
  })
  expect((await call('GET', 'Candidates')).body.info.count).toBe(14)
})

it('an upsert updates the record with the same e-mail address, or inserts a new one', async () => {
  const emulator = await start()
  const { call } = await connectTo(emulator)
  const existing = (await call('GET', 'Candidates')).body.data[3]
  const changed = await call('POST', 'Candidates/upsert', {
    data: [{ Last_Name: 'Changed', Email: existing.Email }],
  })
  expect(changed).toMatchObject({
    status: 200,
    body: {
      data: [
        {
          code: 'SUCCESS',
          duplicate_field: 'Email',
          action: 'update',
          details: { id: existing.id },
        },
      ],
    },
  })
  const added = await call('POST', 'Candidates/upsert', {
    data: [{ Last_Name: 'New', Email: 'new@mail.example' }],
  })
  expect(added).toMatchObject({
    status: 201,
    body: { data: [{ action: 'insert', duplicate_field: null, message: 'record added' }] },
  })
  const byCity = await call('POST', 'Candidates/upsert', {
    data: [{ Last_Name: 'By city', City: existing.City }],
    duplicate_check_fields: ['City'],
  })
  expect(byCity.body.data[0]).toMatchObject({ action: 'update', duplicate_field: 'City' })
})

it.each([
  ['READ', ['GET']],
  ['CREATE', ['POST']],
  ['UPDATE', ['PUT']],
  ['DELETE', ['DELETE']],
  ['ALL', ['GET', 'POST', 'PUT', 'DELETE']],
] as const)('the operation %s allows only %j', async (operation, allowed) => {
  const emulator = await start()
  const { call } = await connectTo(emulator, {
    scope: `ZohoRecruit.modules.contact.${operation}`,
  })
  for (const method of ['GET', 'POST', 'PUT', 'DELETE'] as const) {
    const body = method === 'POST' || method === 'PUT' ? { data: [{ id: '1' }] } : undefined
    const path = method === 'DELETE' ? 'Contacts?ids=1' : 'Contacts'
    const response = await call(method, path, body)
    if (allowed.includes(method as never)) expect(response.status, method).toBeLessThan(300)
    else
      expect(response, method).toMatchObject({
        status: 401,
        body: { code: 'OAUTH_SCOPE_MISMATCH' },
      })
  }
})

it('records belong to one organization and one environment, and reset restores them', async () => {
  const emulator = await start()
  const user = emulator.addUser({
    dataCenter: 'us',
    firstName: 'Nils',
    lastName: 'Brandt',
    organization: 'Other',
  }).user
  const production = await connectTo(emulator)
  const sandbox = await connectTo(emulator, { environment: 'sandbox' })
  const other = await connectTo(emulator, { user })
  const data = [{ Last_Name: 'Sandbox only' }]
  expect((await sandbox.call('POST', 'Candidates', { data })).status).toBe(201)
  expect((await sandbox.call('GET', 'Candidates')).body.info.count).toBe(1)
  expect((await production.call('GET', 'Candidates')).body.info.count).toBe(14)
  expect((await other.call('GET', 'Candidates')).status).toBe(204)
  const [{ id }] = (await production.call('GET', 'Candidates')).body.data
  expect((await other.call('DELETE', `Candidates/${id}`)).body.data[0].code).toBe('INVALID_DATA')
  await production.call('DELETE', `Candidates/${id}`)
  emulator.reset()
  expect((await (await connectTo(emulator)).call('GET', 'Candidates')).body.info.count).toBe(14)
})

it('other modules begin without records', async () => {
  const emulator = await start()
  const { call } = await connectTo(emulator)
  for (const module of ['Interviews', 'Applications', 'Clients', 'Contacts', 'Vendors']) {
    expect((await call('GET', module)).status, module).toBe(204)
    const data = [{ Last_Name: 'x', Client_Name: 'x' }]
    expect((await call('POST', module, { data })).status, module).toBe(201)
    expect((await call('GET', module)).body.info.count, module).toBe(1)
  }
})

it('a field named __proto__ is an ordinary field', async () => {
  const emulator = await start()
  const { send, call } = await connectTo(emulator)
  const body = '{"data":[{"Last_Name":"x","__proto__":{"id":"9"}}]}'
  expect((await send('POST', 'Candidates', { body })).status).toBe(201)
  expect((await call('GET', 'Candidates')).body.data.at(-1).id).toMatch(/^\d{19}$/)
})
