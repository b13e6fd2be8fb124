import { expect, it } from 'vitest'
import { zipSync } from 'fflate'
import { writeZip } from '../src/files/zip.ts'
import { type Api, organizationId, zipOf } from './bulk.ts'
import { connectTo } from './recruit-api.ts'
import { start } from './support.ts'

const encode = (text: string) => new TextEncoder().encode(text)

async function connectForUpload() {
  const emulator = await start()
  const api = await connectTo(emulator)
  const headers = { 'X-RECRUIT-ORG': await organizationId(api), feature: 'bulk-write' }
  return { emulator, api, headers, upload: (bytes: Uint8Array) => api.upload(bytes, headers) }
}

it('accepts a CSV file of 25 MB, and refuses a larger one', async () => {
  const { upload } = await connectForUpload()
  const limit = 25 * 1024 * 1024
  const send = async (size: number) =>
    (await upload(zipSync({ 'a.csv': new Uint8Array(size).fill(97) }))).body
  expect((await send(limit)).code).toBe('FILE_UPLOAD_SUCCESS')
  expect(await send(limit + 1)).toMatchObject({
    code: 'FILE_TOO_LARGE',
    message: 'File size too large to process',
  })
})

it.each([
  ['two files', zipSync({ 'a.csv': encode('Last_Name\n'), 'b.csv': encode('Email\n') })],
  ['a file that is not CSV', writeZip({ name: 'candidates.txt', bytes: encode('Last_Name\n') })],
])('refuses an archive with %s', async (_, archive) => {
  const { upload } = await connectForUpload()
  expect(await upload(archive)).toMatchObject({
    status: 200,
    body: { code: 'INVALID_FILE_FORMAT', status: 'error' },
  })
})

it('accepts the suffix .csv in any letter case', async () => {
  const { upload } = await connectForUpload()
  const archive = writeZip({ name: 'CANDIDATES.CSV', bytes: encode('Last_Name\n') })
  expect((await upload(archive)).body.code).toBe('FILE_UPLOAD_SUCCESS')
})

it('names the CSV file if it is not UTF-8', async () => {
  const { upload } = await connectForUpload()
  const latin1 = Buffer.from('Last_Name\nMüller\n', 'latin1')
  expect(await upload(writeZip({ name: 'a.csv', bytes: latin1 }))).toMatchObject({
    status: 400,
    body: { message: 'The CSV file is not UTF-8.' },
  })
})

it('refuses two parts', async () => {
  const { emulator, api, headers } = await connectForUpload()
  const body = new FormData()
  for (const csv of ['Last_Name\nx\n', 'Last_Name\ny\n'])
    body.append('file', new File([zipOf(csv)], 'candidates.zip'))
  const response = await fetch(`${emulator.dataCenters.us.uploadServer}/recruit/v2/upload`, {
    method: 'POST',
    headers: { ...headers, authorization: `Zoho-oauthtoken ${api.accessToken}` },
    body,
  })
  expect([response.status, (await response.json()).code]).toEqual([400, 'INVALID_DATA'])
})

it('has its own text for an unknown path', async () => {
  const { emulator } = await connectForUpload()
  const response = await fetch(`${emulator.dataCenters.us.uploadServer}/recruit/v2/uploads`)
  expect([response.status, await response.json()]).toMatchObject([
    404,
    {
      code: 'INVALID_URL_PATTERN',
      message: 'Please check if the URL you are trying to access is correct',
    },
  ])
})

it('keeps the last twenty files', async () => {
  const { api, upload } = await connectForUpload()
  const ids: string[] = []
  for (let count = 0; count < 21; count += 1)
    ids.push((await upload(zipOf('Last_Name\nx\n'))).body.details.file_id)
  expect(await createJob(api, ids[0])).toMatchObject({
    status: 400,
    body: { message: 'resource.file_id must be the id of an uploaded file' },
  })
  expect((await createJob(api, ids[1])).status).toBe(201)
})

function createJob({ call }: Api, fileId: string | undefined) {
  const resource = [{ type: 'data', module: 'Candidates', file_id: fileId }]
  return call('POST', '/recruit/bulk/v2/write', { operation: 'insert', resource })
}
