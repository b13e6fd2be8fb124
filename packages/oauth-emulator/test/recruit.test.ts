import { expect, it } from 'vitest'
import { api, connect, consent, exchange, start } from './support.ts'

it('lists candidates in pages, and answers 204 without a body after the last page', async () => {
  const emulator = await start()
  const { accessToken } = await connect(emulator)
  const all = await api(emulator, 'Candidates', accessToken)
  expect(all.body.info).toEqual({ per_page: 200, count: 14, page: 1, more_records: false })
  expect(Object.keys(all.body.info)).toEqual(['per_page', 'count', 'page', 'more_records'])
  expect(all.body.data).toHaveLength(14)
  const fields = [
    'id',
    'Candidate_ID',
    'First_Name',
    'Last_Name',
    'Full_Name',
    'Email',
    'Mobile',
    'City',
    'Current_Job_Title',
    'Candidate_Status',
    'Source',
    'Created_Time',
  ]
  for (const candidate of all.body.data)
    for (const field of fields) expect(candidate[field], field).toMatch(/./)
  const second = await api(emulator, 'Candidates?page=2&per_page=10', accessToken)
  expect(second.body.info).toEqual({ per_page: 10, count: 4, page: 2, more_records: false })
  expect(second.body.data[0].id).toBe(all.body.data[10].id)
  expect(
    (await api(emulator, 'Candidates?page=1&per_page=10', accessToken)).body.info.more_records,
  ).toBe(true)
  expect(await api(emulator, 'Candidates?page=3&per_page=10', accessToken)).toEqual({
    status: 204,
    text: '',
    body: undefined,
  })
})

it('serves job openings, single records, the organization and its user', async () => {
  const emulator = await start()
  const { accessToken } = await connect(
    emulator,
    'eu',
    'ZohoRecruit.modules.READ,ZohoRecruit.org.READ,ZohoRecruit.users.ALL',
  )
  const openings = (await api(emulator, 'Job_Openings', accessToken, 'eu')).body.data
  expect(openings).toHaveLength(5)
  expect(
    (await api(emulator, `Job_Openings/${openings[2].id}`, accessToken, 'eu')).body.data,
  ).toEqual([openings[2]])
  expect((await api(emulator, 'Candidates/1', accessToken, 'eu')).status).toBe(204)
  expect((await api(emulator, 'org', accessToken, 'eu')).body.org[0]).toMatchObject({
    zgid: expect.any(String),
    company_name: 'Rheinbogen Personal',
    country_code: 'DE',
  })
  expect(
    (await api(emulator, 'users?type=CurrentUser', accessToken, 'eu')).body.users[0].email,
  ).toBe('lena.vogel@rheinbogen.example')
  expect((await api(emulator, 'users?type=DeactiveUsers', accessToken, 'eu')).status).toBe(204)
  expect((await api(emulator, 'users?type=Nobody', accessToken, 'eu')).status).toBe(400)
})

it('each data center has its own records and organization', async () => {
  const emulator = await start()
  const [us, india] = [await connect(emulator), await connect(emulator, 'in')]
  const names = async (accessToken: string, at: 'us' | 'in') =>
    (await api(emulator, 'Candidates', accessToken, at)).body.data.map(
      (one: { id: string }) => one.id,
    )
  const [american, indian] = [
    await names(us.accessToken, 'us'),
    await names(india.accessToken, 'in'),
  ]
  expect(american.some((id: string) => indian.includes(id))).toBe(false)
  expect(new Set(american).size).toBe(14)
})

it.each([
  ['none', undefined],
  ['Bearer', (token: string) => `Bearer ${token}`],
  ['lower case', (token: string) => `zoho-oauthtoken ${token}`],
  ['two spaces', (token: string) => `Zoho-oauthtoken  ${token}`],
  ['no token', () => 'Zoho-oauthtoken'],
  ['two tokens', (token: string) => `Zoho-oauthtoken ${token} ${token}`],
])('refuses a malformed Authorization header: %s', async (_, header) => {
  const emulator = await start()
  const { accessToken } = await connect(emulator)
  const headers: Record<string, string> =
    header === undefined ? {} : { authorization: header(accessToken) }
  const response = await fetch(`${emulator.dataCenters.us.recruitApi}/Candidates`, { headers })
  expect(response.status).toBe(401)
  expect(response.headers.get('content-type')).toBe('application/json;charset=UTF-8')
  expect(await response.text()).toBe(
    '{"code":"AUTHENTICATION_FAILURE","message":"Authentication failed","status":"error"}',
  )
})

it('refuses unknown tokens and tokens of another data center', async () => {
  const emulator = await start()
  const { accessToken, refreshToken } = await connect(emulator, 'eu')
  const invalid = {
    status: 401,
    text: '{"code":"INVALID_TOKEN","message":"invalid oauth token","status":"error"}',
  }
  expect(await api(emulator, 'Candidates', accessToken, 'us')).toMatchObject(invalid)
  expect(await api(emulator, 'Candidates', refreshToken, 'eu')).toMatchObject(invalid)
  expect(await api(emulator, 'Candidates', '1000.x.y', 'eu')).toMatchObject(invalid)
  expect((await api(emulator, 'Candidates', accessToken, 'eu')).status).toBe(200)
})

it.each([
  ['ZohoRecruit.modules.ALL', 'Candidates', true],
  ['ZohoRecruit.modules.READ', 'Job_Openings', true],
  ['zohorecruit.MODULES.all', 'Candidates', true],
  ['ZohoRecruit.modules.candidate.READ', 'Candidates', true],
  ['ZohoRecruit.modules.candidate.ALL', 'Candidates', true],
  ['ZohoRecruit.modules.candidate.ALL', 'Job_Openings', false],
  ['ZohoRecruit.modules.CREATE', 'Candidates', false],
  ['ZohoRecruit.settings.ALL', 'Candidates', false],
  ['ZohoRecruit.modules.ALL', 'org', false],
  ['ZohoRecruit.org.READ', 'org', true],
  ['ZohoRecruit.modules.ALL,ZohoRecruit.org.ALL', 'users', false],
  ['ZohoRecruit.users.READ', 'users', true],
])('reads with %s the resource %s: %s', async (scope, resource, allowed) => {
  const emulator = await start()
  const { body } = await exchange(emulator, await consent(emulator, 'us', { scope }))
  const response = await api(emulator, resource, body.access_token)
  if (allowed) expect(response.status).toBe(200)
  else
    expect(response).toMatchObject({
      status: 401,
      text: '{"code":"OAUTH_SCOPE_MISMATCH","message":"invalid oauth scope to access this URL"}',
    })
})

it('answers unknown modules, records and methods with 4xx JSON', async () => {
  const emulator = await start()
  const { accessToken } = await connect(emulator)
  const code = async (path: string) => (await api(emulator, path, accessToken)).body.code
  expect(await code('Unicorns')).toBe('INVALID_MODULE')
  expect(await code('candidates')).toBe('INVALID_MODULE')
  expect(await code('Candidates?per_page=201')).toBe('INVALID_DATA')
  expect(await code('Candidates?page=0')).toBe('INVALID_DATA')
  expect(await code('Candidates?page=a')).toBe('INVALID_DATA')
  expect(await code('Candidates?page=%zz')).toBe('INVALID_DATA')
  expect(await code('Candidates/1/Notes')).toBe('INVALID_URL_PATTERN')
  const write = await fetch(`${emulator.dataCenters.us.recruitApi}/Candidates`, {
    method: 'PATCH',
    headers: { authorization: `Zoho-oauthtoken ${accessToken}` },
  })
  expect([write.status, (await write.json()).message]).toEqual([
    400,
    'The http request method type is not a valid one',
  ])
})

it('the API domain does not serve Recruit', async () => {
  const emulator = await start()
  const { accessToken } = await connect(emulator)
  const headers = { authorization: `Zoho-oauthtoken ${accessToken}` }
  const response = await fetch(`${emulator.dataCenters.us.apiDomain}/recruit/v2/Candidates`, {
    headers,
  })
  expect([response.status, await response.text()]).toEqual([404, 'API endpoint not found'])
  expect(emulator.calls().api).toBe(1)
})
