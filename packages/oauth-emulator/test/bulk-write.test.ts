import { expect, it } from 'vitest'
import { finish, organizationId, unpack, write, zipOf } from './bulk.ts'
import { connectTo } from './recruit-api.ts'
import { start } from './support.ts'

it('an upload and an insert job create records', async () => {
  const emulator = await start()
  const api = await connectTo(emulator)
  const csv = 'Last_Name,Email\r\nOkoye,a@mail.example\r\n,b@mail.example\r\n"O""Neil, Jr.",\r\n'
  const { status, body, id } = await write(api, 'insert', csv)
  expect([status, body.code]).toEqual([201, 'SUCCESS'])
  const path = `/recruit/bulk/v2/write/${id}`
  expect((await api.call('GET', path)).body).toMatchObject({ id, status: 'ADDED' })
  expect((await api.call('GET', 'Candidates')).body.info.count).toBe(14)
  await api.call('GET', path)
  expect((await api.call('GET', path)).body).toMatchObject({
    status: 'COMPLETED',
    operation: 'insert',
    resource: [
      {
        status: 'COMPLETED',
        module: 'Candidates',
        file: { name: 'candidates.csv', added_count: 2, skipped_count: 1, total_count: 3 },
      },
    ],
    result: { download_url: `${path}/result` },
  })
  const records = (await api.call('GET', 'Candidates')).body.data
  expect(records.slice(14).map((record: any) => record.Last_Name)).toEqual(['Okoye', 'O"Neil, Jr.'])
  const lines = (await unpack(await api.send('GET', `${path}/result`))).split('\r\n')
  expect(lines[0]).toBe('STATUS,RECORD_ID,ERRORS,Last_Name,Email')
  expect(lines[1]).toBe(`ADDED,${records[14].id},,Okoye,a@mail.example`)
  expect(lines[2]).toBe('SKIPPED,,MANDATORY_NOT_FOUND,,b@mail.example')
})

it('update and upsert jobs find records by a field, and use field mappings', async () => {
  const emulator = await start()
  const api = await connectTo(emulator)
  const [first] = (await api.call('GET', 'Candidates')).body.data
  const resource = {
    find_by: 'Email',
    field_mappings: [
      { api_name: 'Email', index: 1 },
      { api_name: 'Last_Name', index: 0 },
      { api_name: 'City', default_value: { value: 'Lagos' } },
    ],
  }
  const csv = `name,mail\nChanged,${first.Email}\nNew,new@mail.example\n`
  const update = await write(api, 'update', csv, resource)
  expect((await finish(api, 'write', update.id)).resource[0].file).toMatchObject({
    updated_count: 1,
    skipped_count: 1,
    added_count: 0,
  })
  const upsert = await write(api, 'upsert', csv, resource)
  expect((await finish(api, 'write', upsert.id)).resource[0].file).toMatchObject({
    updated_count: 1,
    skipped_count: 0,
    added_count: 1,
  })
  const records = (await api.call('GET', 'Candidates')).body.data
  expect(records[0]).toMatchObject({ id: first.id, Last_Name: 'Changed', City: 'Lagos' })
  expect(records.at(-1)).toMatchObject({ Last_Name: 'New', Email: 'new@mail.example' })
})

it('the upload server answers as its page says', async () => {
  const emulator = await start()
  const api = await connectTo(emulator)
  const org = await organizationId(api)
  const headers = { 'X-RECRUIT-ORG': org, feature: 'bulk-write' }
  expect(await api.upload(zipOf('Last_Name\nx\n'), headers)).toMatchObject({
    status: 200,
    body: {
      status: 'success',
      code: 'FILE_UPLOAD_SUCCESS',
      details: { file_id: expect.stringMatching(/./) },
    },
  })
  const text = new TextEncoder().encode('Last_Name\nx\n')
  expect(await api.upload(text, headers)).toMatchObject({
    status: 200,
    body: {
      code: 'INVALID_FILE_FORMAT',
      message: 'invalid file format. only zip format is supported',
      status: 'error',
    },
  })
  const tooLarge = new Uint8Array(26 * 1024 * 1024)
  expect((await api.upload(tooLarge, headers)).body.code).toBe('FILE_TOO_LARGE')
  expect((await api.upload(undefined, headers)).status).toBe(400)
  expect(await api.upload(text, { ...headers, 'X-RECRUIT-ORG': '1' })).toMatchObject({
    status: 403,
    body: { code: 'NO_PERMISSION' },
  })
  expect((await api.upload(text, { 'X-RECRUIT-ORG': org })).status).toBe(400)
  const { call, upload } = await connectTo(emulator, { scope: 'ZohoRecruit.bulk.ALL' })
  expect(await upload(text, headers)).toMatchObject({
    status: 404,
    body: { code: 'OAUTH_SCOPE_MISMATCH' },
  })
  expect((await call('GET', 'Candidates')).status).toBe(401)
  const { uploadServer } = emulator.dataCenters.us
  const authorization = `Zoho-oauthtoken ${api.accessToken}`
  const get = await fetch(`${uploadServer}/recruit/v2/upload`, { headers: { authorization } })
  expect([get.status, (await get.json()).code]).toEqual([400, 'INVALID_REQUEST_METHOD'])
  expect((await fetch(`${uploadServer}/recruit/v2/upload`, { method: 'POST' })).status).toBe(401)
})

it('a file and a job belong to one environment', async () => {
  const emulator = await start()
  const production = await connectTo(emulator)
  const sandbox = await connectTo(emulator, { environment: 'sandbox' })
  const headers = { 'X-RECRUIT-ORG': await organizationId(sandbox), feature: 'bulk-write' }
  const { file_id } = (await sandbox.upload(zipOf('Last_Name\nx\n'), headers)).body.details
  const resource = [{ type: 'data', module: 'Candidates', file_id }]
  const foreign = { operation: 'insert', resource }
  expect((await production.call('POST', '/recruit/bulk/v2/write', foreign)).status).toBe(400)
  const { id } = await write(sandbox, 'insert', 'Last_Name\nx\n')
  expect((await production.call('GET', `/recruit/bulk/v2/write/${id}`)).status).toBe(204)
  await finish(sandbox, 'write', id)
  expect((await sandbox.call('GET', 'Candidates')).body.info.count).toBe(1)
  expect((await production.call('GET', 'Candidates')).body.info.count).toBe(14)
})

it.each([
  ['ZohoRecruit.bulk.READ,ZohoRecruit.modules.ALL', 401],
  ['ZohoRecruit.bulk.CREATE', 401],
  ['ZohoRecruit.bulk.CREATE,ZohoRecruit.modules.candidate.READ', 401],
  ['ZohoRecruit.bulk.CREATE,ZohoRecruit.modules.candidate.CREATE', 201],
])('a write job with the scopes %s: %i', async (scopes, status) => {
  const emulator = await start()
  const api = await connectTo(emulator, {
    scope: `${scopes},ZohoFiles.files.ALL,ZohoRecruit.org.READ`,
  })
  expect((await write(api, 'insert', 'Last_Name\nx\n')).status).toBe(status)
})
