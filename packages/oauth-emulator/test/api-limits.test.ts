import { expect, it } from 'vitest'
import { connectTo } from './recruit-api.ts'
import { start } from './support.ts'

it('a list costs three credits, other calls one; then 429 with Retry-After', async () => {
  const emulator = await start({ apiCredits: { limit: 5, windowSeconds: 100 } })
  const { call } = await connectTo(emulator)
  expect((await call('GET', 'Candidates')).status).toBe(200)
  expect((await call('GET', 'org')).status).toBe(200)
  emulator.advanceClock(40)
  const refused = await call('GET', 'Candidates')
  expect(refused).toMatchObject({
    status: 429,
    body: { code: 'TOO_MANY_REQUESTS', status: 'error' },
  })
  expect(refused.headers.get('retry-after')).toMatch(/^(59|60)$/)
  expect((await call('GET', 'org')).status).toBe(200)
  expect((await call('GET', 'org')).status).toBe(429)
  emulator.advanceClock(60)
  expect((await call('GET', 'Candidates')).status).toBe(200)
})

it('calls that are refused for their scope or method cost nothing', async () => {
  const emulator = await start({ apiCredits: { limit: 3, windowSeconds: 100 } })
  const { call } = await connectTo(emulator, { scope: 'ZohoRecruit.modules.candidate.READ' })
  for (let count = 0; count < 5; count += 1) {
    expect((await call('GET', 'org')).status).toBe(401)
    expect((await call('PATCH', 'Candidates')).status).toBe(400)
  }
  expect((await call('GET', 'Candidates')).status).toBe(200)
})

it('each organization and environment has its own credits, and reset restores them', async () => {
  const emulator = await start({ apiCredits: { limit: 1, windowSeconds: 100 } })
  const production = await connectTo(emulator)
  const sandbox = await connectTo(emulator, { environment: 'sandbox' })
  const europe = await connectTo(emulator, { dataCenter: 'eu' })
  for (const { call } of [production, sandbox, europe]) {
    expect((await call('GET', 'org')).status).toBe(200)
    expect((await call('GET', 'org')).status).toBe(429)
  }
  emulator.reset()
  expect((await (await connectTo(emulator)).call('GET', 'org')).status).toBe(200)
})

it('without credits, no call is served', async () => {
  const emulator = await start({ apiCredits: { limit: 0, windowSeconds: 100 } })
  const { call } = await connectTo(emulator)
  const refused = await call('GET', 'org')
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '100'])
  expect((await call('POST', 'Candidates', { data: [{ Last_Name: 'x' }] })).status).toBe(429)
})
