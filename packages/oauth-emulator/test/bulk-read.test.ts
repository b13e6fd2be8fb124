import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createReadJob, finish, unpack } from './bulk.ts'
import { connectTo } from './recruit-api.ts'
import { start } from './support.ts'

const isShah = { api_name: 'Last_Name', comparator: 'equal', value: 'Shah' }

it('a read job is added, in progress, and completed at the third request', async () => {
  const emulator = await start()
  const api = await connectTo(emulator)
  const query = { module: 'Candidates', fields: ['Last_Name', 'Candidate_Owner'] }
  const created = await api.call('POST', '/recruit/bulk/v2/read', { query })
  expect(created).toMatchObject({
    status: 201,
    body: {
      data: [
        {
          status: 'success',
          code: 'ADDED_SUCCESSFULLY',
          details: { operation: 'read', state: 'ADDED' },
        },
      ],
      info: {},
    },
  })
  const { id } = created.body.data[0].details
  const path = `/recruit/bulk/v2/read/${id}`
  expect((await api.call('GET', `${path}/result`)).status).toBe(400)
  const states = []
  for (let poll = 0; poll < 4; poll += 1) states.push((await api.call('GET', path)).body.data[0])
  expect(states.map(({ state }) => state)).toEqual([
    'ADDED',
    'IN PROGRESS',
    'COMPLETED',
    'COMPLETED',
  ])
  expect(states[1]).not.toHaveProperty('result')
  expect(states[3]).toMatchObject({
    id,
    query: { ...query, page: 1 },
    result: { page: 1, count: 14, download_url: `${path}/result`, more_records: false },
  })
  const result = await api.send('GET', states[3].result.download_url)
  expect(result.headers.get('content-type')).toBe('application/zip')
  const lines = (await unpack(result)).split('\r\n')
  expect(lines[0]).toBe('id,Last_Name,Candidate_Owner')
  expect(lines[1]).toMatch(/^\d{19},Carter,\d{19}$/)
  expect(lines).toHaveLength(16)
})

it('the result of a read job is the data of the moment of its completion', async () => {
  const emulator = await start()
  const api = await connectTo(emulator)
  const id = await createReadJob(api, { module: 'Contacts' })
  await finish(api, 'read', id)
  await api.call('POST', 'Contacts', { data: [{ Last_Name: 'Too late' }] })
  expect(await unpack(await api.send('GET', `/recruit/bulk/v2/read/${id}/result`))).toBe('id\r\n')
})

it('a read job selects records by criteria', async () => {
  const emulator = await start()
  const api = await connectTo(emulator)
  const criteria = {
    group_operator: 'or',
    group: [
      isShah,
      {
        group_operator: 'and',
        group: [
          { api_name: 'Last_Name', comparator: 'starts_with', value: 'Fo' },
          { api_name: 'City', comparator: 'not_equal', value: 'Mars' },
        ],
      },
    ],
  }
  const id = await createReadJob(api, { module: 'Candidates', fields: ['Last_Name'], criteria })
  expect((await finish(api, 'read', id)).data[0].result.count).toBe(2)
})

it.each([
  [{}],
  [{ module: 'Unicorns' }],
  [{ module: 'Candidates', fields: 'Last_Name' }],
  [{ module: 'Candidates', page: 0 }],
  [{ module: 'Candidates', cvid: '1' }],
  [{ module: 'Candidates', criteria: { api_name: 'x', comparator: 'toString', value: 'y' } }],
  [{ module: { toString: 1 } }],
  [{ module: 'Candidates', criteria: { group_operator: 'xor', group: [isShah] } }],
  [{ module: 'Candidates', criteria: { group_operator: 'and', group: [] } }],
  [{ module: 'Candidates', criteria: { group_operator: { toString: 1 }, group: [isShah] } }],
  [{ module: 'Candidates', criteria: { ...isShah, comparator: { toString: 1 } } }],
])('refuses the query %j', async (query) => {
  const emulator = await start()
  const { call } = await connectTo(emulator)
  expect(await call('POST', '/recruit/bulk/v2/read', { query })).toMatchObject({
    status: 400,
    body: { code: 'INVALID_DATA' },
  })
})

it('unzip opens the result', async () => {
  const emulator = await start()
  const api = await connectTo(emulator)
  const id = await createReadJob(api)
  await finish(api, 'read', id)
  const archive = await api.send('GET', `/recruit/bulk/v2/read/${id}/result`)
  const folder = await mkdtemp(join(tmpdir(), 'zoho-emulator-zip-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'result.zip')
  await writeFile(file, Buffer.from(await archive.arrayBuffer()))
  const python =
    'import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); print(z.testzip(), z.namelist())'
  const outcome = spawnSync('python3', ['-c', python, file], { encoding: 'utf8' })
  if (outcome.error === undefined) expect(outcome.stdout).toBe(`None ['${id}.csv']\n`)
  const unzip = spawnSync('unzip', ['-tq', file], { encoding: 'utf8' })
  if (unzip.error === undefined) expect([unzip.status, unzip.stderr]).toEqual([0, ''])
  const isTested = outcome.error === undefined || unzip.error === undefined
  if (process.env['CI'] !== undefined) expect(isTested, 'python3 or unzip exists').toBe(true)
})

it('a read job exports objects, and no members of every object', async () => {
  const emulator = await start()
  const api = await connectTo(emulator)
  const data = [{ Last_Name: 'x', Odd: { id: { toString: 1 } } }]
  expect((await api.call('POST', 'Contacts', { data })).status).toBe(201)
  const query = { module: 'Contacts', fields: ['Odd', 'constructor'] }
  const id = await createReadJob(api, query)
  await finish(api, 'read', id)
  const csv = await unpack(await api.send('GET', `/recruit/bulk/v2/read/${id}/result`))
  expect(csv.split('\r\n')[1]).toMatch(/^\d{19},"{""id"":{""toString"":1}}",$/)
})

it('allows ten downloads in a minute, then answers 429 with Retry-After', async () => {
  const emulator = await start()
  const api = await connectTo(emulator)
  const id = await createReadJob(api)
  await finish(api, 'read', id)
  const download = () => api.send('GET', `/recruit/bulk/v2/read/${id}/result`)
  for (let count = 0; count < 10; count += 1) expect((await download()).status).toBe(200)
  const refused = await download()
  expect(refused.status).toBe(429)
  expect((await refused.json()).code).toBe('TOO_MANY_REQUESTS')
  const wait = Number(refused.headers.get('retry-after'))
  expect(wait).toBeGreaterThan(50)
  expect(wait).toBeLessThanOrEqual(60)
  emulator.advanceClock(wait)
  expect((await download()).status).toBe(200)
})

it.each([
  ['ZohoRecruit.bulk.READ', 401],
  ['ZohoRecruit.modules.ALL', 401],
  ['ZohoRecruit.bulk.CREATE,ZohoRecruit.modules.ALL', 401],
  ['ZohoRecruit.bulk.READ,ZohoRecruit.modules.jobopening.READ', 401],
  ['ZohoRecruit.bulk.READ,ZohoRecruit.modules.candidate.READ', 201],
  ['ZohoRecruit.bulk.ALL,ZohoRecruit.modules.ALL', 201],
])('a read job with the scopes %s: %i', async (scope, status) => {
  const emulator = await start()
  const { call } = await connectTo(emulator, { scope })
  const query = { module: 'Candidates' }
  expect((await call('POST', '/recruit/bulk/v2/read', { query })).status).toBe(status)
})

it('reading a job and its result needs the scope of the module, too', async () => {
  const emulator = await start()
  const api = await connectTo(emulator)
  const id = await createReadJob(api)
  await finish(api, 'read', id)
  const bulkOnly = await connectTo(emulator, { scope: 'ZohoRecruit.bulk.READ' })
  for (const path of [`/recruit/bulk/v2/read/${id}`, `/recruit/bulk/v2/read/${id}/result`])
    expect(await bulkOnly.call('GET', path)).toMatchObject({
      status: 401,
      body: { code: 'OAUTH_SCOPE_MISMATCH' },
    })
})
