import { expect, it } from 'vitest'
import { connectTo } from './recruit-api.ts'
import { start } from './support.ts'

const repeat = (text: string, count: number, separator: string) =>
  Array.from({ length: count }, () => text).join(separator)

const modified = (time: string) => ({ headers: { 'if-modified-since': time } })

it('If-Modified-Since returns newer records, or 304 without a body', async () => {
  const emulator = await start()
  const { send, call } = await connectTo(emulator)
  const since = new Date(emulator.tokens().now + 1000).toISOString()
  const none = await send('GET', 'Candidates', modified(since))
  expect([none.status, await none.text()]).toEqual([304, ''])
  emulator.advanceClock(60)
  const { id } = (await call('POST', 'Candidates', { data: [{ Last_Name: 'New' }] })).body.data[0]
    .details
  const newer = await (await send('GET', 'Candidates', modified(since))).json()
  expect(newer.data.map((record: { id: string }) => record.id)).toEqual([id])
  expect((await send('GET', `Candidates/${id}`, modified(since))).status).toBe(200)
  const later = new Date(emulator.tokens().now + 1000).toUTCString()
  expect((await send('GET', `Candidates/${id}`, modified(later))).status).toBe(304)
  expect((await send('GET', 'Candidates', modified('soon'))).status).toBe(400)
})

it('HEAD returns the headers of GET with Content-Length, and no body', async () => {
  const emulator = await start()
  const { send } = await connectTo(emulator)
  const get = await send('GET', 'Candidates')
  const length = (await get.arrayBuffer()).byteLength
  const head = await send('HEAD', 'Candidates')
  expect(head.status).toBe(200)
  expect(head.headers.get('content-length')).toBe(`${length}`)
  expect(head.headers.get('content-type')).toBe('application/json;charset=UTF-8')
  expect(await head.text()).toBe('')
  expect((await send('HEAD', 'Candidates/1')).status).toBe(204)
})

it('fields selects the fields of records', async () => {
  const emulator = await start()
  const { call } = await connectTo(emulator)
  const { data } = (await call('GET', 'Candidates?fields=Last_Name, City&per_page=1')).body
  expect(Object.keys(data[0]).toSorted()).toEqual(['City', 'Last_Name', 'id'])
})

it.each([
  ['criteria=(Last_Name:equals:Shah)', ['Shah']],
  ['criteria=(Last_Name:equals:shah)', ['Shah']],
  ['criteria=((Last_Name:equals:Shah)or(Last_Name:equals:Foster))', ['Shah', 'Foster']],
  ['criteria=((Last_Name:equals:Shah)and(First_Name:starts_with:Pri))', ['Shah']],
  ['criteria=((Last_Name:equals:Shah) AND (First_Name:starts_with:Pri))', ['Shah']],
  ['criteria=((Last_Name:equals:Shah)and(First_Name:starts_with:Zoe))', []],
  [
    'criteria=(((Last_Name:equals:Shah)and(First_Name:equals:Priya))or(Last_Name:starts_with:Fo))',
    ['Shah', 'Foster'],
  ],
  ['email=PRIYA.SHAH@mail.example', ['Shah']],
  ['word=priya', ['Shah']],
  ['criteria=(Candidate_Owner:equals:Maya Brooks)&per_page=1', ['Carter']],
  ['word=nobody-has-this', []],
  ['word=object', []],
  ['phone=abc', []],
  ['criteria=(constructor:starts_with:f)', []],
  ['criteria=(Last_Name:equals:Shah)&email=x&phone=1&word=x', ['Shah']],
  ['word=x&email=PRIYA.SHAH@mail.example', ['Shah']],
  ['word=priya&phone=1', []],
  [`criteria=(${repeat('(Last_Name:equals:Shah)', 10, 'or')})`, ['Shah']],
])('searches by %s', async (query, names) => {
  const emulator = await start()
  const { call } = await connectTo(emulator)
  const { status, body } = await call('GET', `Candidates/search?${query}`)
  expect(status).toBe(names.length === 0 ? 204 : 200)
  expect((body?.data ?? []).map((record: any) => record.Last_Name)).toEqual(names)
})

it.each([
  ['Burns,B', String.raw`Burns\,B`],
  ['Burns (B)', String.raw`Burns \(B\)`],
  [String.raw`Burns\B`, String.raw`Burns\\B`],
])('finds %j by %s', async (name, escaped) => {
  const emulator = await start()
  const { call } = await connectTo(emulator)
  await call('POST', 'Candidates', { data: [{ Last_Name: name, First_Name: 'Mo' }] })
  const criteria = `((Last_Name:equals:${escaped})and(First_Name:starts_with:M))`
  const path = `Candidates/search?criteria=${encodeURIComponent(criteria)}`
  const { data } = (await call('GET', path)).body
  expect(data.map((record: any) => record.Last_Name)).toEqual([name])
})

it('a record without a phone number is not found by a text without digits', async () => {
  const emulator = await start()
  const { call } = await connectTo(emulator)
  await call('POST', 'Candidates', { data: [{ Last_Name: 'x', Phone: '' }] })
  expect((await call('GET', 'Candidates/search?phone=abc')).status).toBe(204)
})

it('searches by phone number, ignoring spaces', async () => {
  const emulator = await start()
  const { call } = await connectTo(emulator)
  const [candidate] = (await call('GET', 'Candidates')).body.data
  const phone = candidate.Mobile.replaceAll(/\D/g, '')
  const { data } = (await call('GET', `Candidates/search?phone=${phone}`)).body
  expect(data.map((record: any) => record.id)).toEqual([candidate.id])
})

it.each([
  '',
  'criteria=',
  'criteria=(Last_Name:equals:Shah',
  'criteria=Last_Name:equals:Shah',
  'criteria=(Last_Name:sounds_like:Shah)',
  'criteria=(Last_Name:toString:Shah)',
  'criteria=((Last_Name:equals:Shah)xor(City:equals:x))',
  'criteria=((Last_Name:equals:Shah)and)',
  `criteria=${'('.repeat(5000)}`,
  'criteria=&word=priya',
  'criteria=(Last_Name:equals:Burns,B)',
  `criteria=(${repeat('(Last_Name:equals:Shah)', 11, 'or')})`,
])('refuses the search %j', async (query) => {
  const emulator = await start()
  const { call } = await connectTo(emulator)
  expect(await call('GET', `Candidates/search?${query}`)).toMatchObject({
    status: 400,
    body: { code: 'INVALID_DATA' },
  })
})

it.each([
  ['ZohoRecruit.modules.candidate.READ', false],
  ['ZohoSearch.securesearch.READ', false],
  ['ZohoRecruit.modules.candidate.READ,ZohoRecruit.search.READ', false],
  ['ZohoRecruit.modules.candidate.READ,ZohoSearch.securesearch.READ', true],
])('a search with the scopes %s is allowed: %s', async (scope, isAllowed) => {
  const emulator = await start()
  const { call } = await connectTo(emulator, { scope })
  const { status, body } = await call('GET', 'Candidates/search?word=priya')
  if (isAllowed) expect(status).toBe(200)
  else expect([status, body.code]).toEqual([401, 'OAUTH_SCOPE_MISMATCH'])
})
