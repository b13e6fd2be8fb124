import { readZip, writeZip } from '../src/files/zip.ts'
import type { connectTo } from './recruit-api.ts'

export type Api = Awaited<ReturnType<typeof connectTo>>

export const zipOf = (csv: string) =>
  writeZip({ name: 'candidates.csv', bytes: new TextEncoder().encode(csv) })

/** The text of the only file in an archive. */
export async function unpack(response: Response): Promise<string> {
  const [entry] = readZip(new Uint8Array(await response.arrayBuffer()), 1e6)
  return new TextDecoder().decode(entry?.bytes)
}

export async function organizationId({ call }: Api): Promise<string> {
  return (await call('GET', 'org')).body.org[0].zgid
}

export async function finish(api: Api, kind: 'read' | 'write', id: string) {
  await api.call('GET', `/recruit/bulk/v2/${kind}/${id}`)
  await api.call('GET', `/recruit/bulk/v2/${kind}/${id}`)
  return (await api.call('GET', `/recruit/bulk/v2/${kind}/${id}`)).body
}

export async function createReadJob(api: Api, query: object = { module: 'Candidates' }) {
  const created = await api.call('POST', '/recruit/bulk/v2/read', { query })
  return created.body.data[0].details.id as string
}

export async function write(
  api: Api,
  operation: string,
  csv: string,
  resource: object = {},
  job: object = {},
) {
  const org = await organizationId(api)
  const headers = { 'X-RECRUIT-ORG': org, feature: 'bulk-write' }
  const { body } = await api.upload(zipOf(csv), headers)
  const created = await api.call('POST', '/recruit/bulk/v2/write', {
    operation,
    ...job,
    callback: { url: 'https://app.example/done', method: 'post' },
    resource: [{ type: 'data', module: 'Candidates', file_id: body.details.file_id, ...resource }],
  })
  return { ...created, id: created.body.details?.id as string }
}
