import { expect, it } from 'vitest'
import { connectTo } from './recruit-api.ts'
import { start } from './support.ts'

function withFile(bytes: Uint8Array<ArrayBuffer>, name: string, type: string): RequestInit {
  const body = new FormData()
  body.set('file', new File([bytes], name, { type }))
  return { body }
}

async function firstCandidate({ call }: Awaited<ReturnType<typeof connectTo>>): Promise<string> {
  return (await call('GET', 'Candidates')).body.data[0].id
}

it('uploads, lists, downloads and deletes a file', async () => {
  const emulator = await start()
  const api = await connectTo(emulator)
  const id = await firstCandidate(api)
  const path = `Candidates/${id}/Attachments`
  expect((await api.call('GET', path)).status).toBe(204)
  const bytes = crypto.getRandomValues(new Uint8Array(50_000))
  const uploaded = await api.send(
    'POST',
    path,
    withFile(bytes, 'Résumé (1).pdf', 'application/pdf'),
  )
  expect(uploaded.status).toBe(200)
  const { data } = await uploaded.json()
  expect(data[0]).toMatchObject({ code: 'SUCCESS', message: 'attachment uploaded successfully' })
  const attachment = data[0].details.id
  expect((await api.call('GET', path)).body).toMatchObject({
    data: [{ id: attachment, Parent_Id: id, File_Name: 'Résumé (1).pdf', Size: '50000' }],
    info: { range: '1-1', more_records: false },
  })
  const download = await api.send('GET', `${path}/${attachment}`)
  expect(download.headers.get('content-type')).toBe('application/pdf')
  expect(download.headers.get('content-length')).toBe('50000')
  expect(download.headers.get('content-disposition')).toBe(
    "attachment; filename*=UTF-8''R%C3%A9sum%C3%A9%20%281%29.pdf",
  )
  expect(Buffer.compare(Buffer.from(await download.arrayBuffer()), bytes)).toBe(0)
  const head = await api.send('HEAD', `${path}/${attachment}`)
  expect([head.headers.get('content-length'), await head.text()]).toEqual(['50000', ''])
  expect((await api.call('DELETE', `${path}/${attachment}`)).body.data[0].code).toBe('SUCCESS')
  expect((await api.call('GET', `${path}/${attachment}`)).status).toBe(204)
})

it('accepts more than one MiB, and refuses more than 20 MiB', async () => {
  const emulator = await start()
  const api = await connectTo(emulator)
  const path = `Candidates/${await firstCandidate(api)}/Attachments`
  const send = (size: number) => api.send('POST', path, withFile(new Uint8Array(size), 'x', ''))
  expect((await send(3 * 1024 * 1024)).status).toBe(200)
  expect((await send(21 * 1024 * 1024)).status).toBe(413)
})

it('an attachment belongs to its record, and is deleted with it', async () => {
  const emulator = await start()
  const api = await connectTo(emulator)
  const [first, second] = (await api.call('GET', 'Candidates')).body.data
  const file = withFile(new Uint8Array(3), 'x.txt', 'text/plain')
  const uploaded = await api.send('POST', `Candidates/${first.id}/Attachments`, file)
  const { id } = (await uploaded.json()).data[0].details
  expect((await api.call('GET', `Candidates/${second.id}/Attachments/${id}`)).status).toBe(204)
  const unknown = await api.send('POST', 'Candidates/1/Attachments', file)
  expect([unknown.status, (await unknown.json()).data[0].code]).toEqual([202, 'INVALID_DATA'])
  await api.call('DELETE', `Candidates/${first.id}`)
  expect((await api.call('GET', `Candidates/${first.id}/Attachments/${id}`)).status).toBe(204)
})

it('another organization does not see an attachment', async () => {
  const emulator = await start()
  const { user } = emulator.addUser({
    dataCenter: 'us',
    firstName: 'Nils',
    lastName: 'Brandt',
    organization: 'Other',
  })
  const api = await connectTo(emulator)
  const path = `Candidates/${await firstCandidate(api)}/Attachments`
  const uploaded = await api.send('POST', path, withFile(new Uint8Array(3), 'x', ''))
  const { id } = (await uploaded.json()).data[0].details
  const other = await connectTo(emulator, { user })
  expect((await other.call('GET', path)).status).toBe(204)
  expect((await other.call('GET', `${path}/${id}`)).status).toBe(204)
  expect((await other.call('DELETE', `${path}/${id}`)).status).toBe(202)
})

it.each([
  ['JSON', { body: '{}', headers: { 'content-type': 'application/json' } }],
  ['no file', { body: new URLSearchParams({ file: 'x' }) }],
])('refuses an upload with %s', async (_, init) => {
  const emulator = await start()
  const api = await connectTo(emulator)
  const path = `Candidates/${await firstCandidate(api)}/Attachments`
  expect((await api.send('POST', path, init)).status).toBe(400)
})

it.each([
  ['ZohoRecruit.modules.candidate.ALL', false],
  ['ZohoRecruit.modules.attachments.ALL', false],
  ['ZohoRecruit.modules.READ', false],
  ['ZohoRecruit.modules.candidate.READ,ZohoRecruit.modules.attachments.ALL', true],
  ['ZohoRecruit.modules.ALL', true],
])('reading attachments with %s is allowed: %s', async (scope, isAllowed) => {
  const emulator = await start()
  const { call } = await connectTo(emulator, { scope })
  const { status } = await call('GET', 'Candidates/1/Attachments')
  expect(status).toBe(isAllowed ? 204 : 401)
})
