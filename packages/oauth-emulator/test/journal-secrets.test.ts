import { expect, it } from 'vitest'
import type { JournalEntry } from '../src/index.ts'
import { api, connect, consent, post, start, token } from './support.ts'
import { type Emulated, journalAt, lastCall, six } from './journal.ts'

it.each([
  [
    'an error of the API',
    (emulator: Emulated) => api(emulator, 'Candidates', undefined),
    { status: 401, response: 'AUTHENTICATION_FAILURE' },
  ],
  [
    'a bad request',
    (emulator: Emulated) => token(emulator, { grant_type: 'password' }),
    { status: 400, response: 'error page', grantType: 'unknown' },
  ],
  [
    'an unknown path',
    (emulator: Emulated) => post(`${emulator.dataCenters.us.accountsServer}/oauth/v9/token`, {}),
    { status: 404, response: 'error page', path: '/oauth/v9/token' },
  ],
  [
    'an empty list',
    async (emulator: Emulated) =>
      api(emulator, 'Candidates?page=9', (await connect(emulator)).accessToken),
    { status: 204, response: 'ok' },
  ],
  [
    'a Recruit request to the API domain',
    (emulator: Emulated) => fetch(`${emulator.dataCenters.us.apiDomain}/recruit/v2/Candidates`),
    { status: 404, response: 'text', server: 'apiDomain' },
  ],
])('records %s', async (_, call, expected) => {
  const emulator = await start()
  await call(emulator)
  expect(lastCall(emulator)).toMatchObject(expected)
})

it('never contains a secret, wherever a client sends it', async () => {
  const emulator = await start()
  const code = await consent(emulator)
  const { accessToken, refreshToken } = await connect(emulator)
  const { us } = emulator.dataCenters
  await post(`${us.accountsServer}/oauth/v2/token/${refreshToken}?token=${refreshToken}`, {
    grant_type: emulator.client.secret,
  })
  await post(`${us.accountsServer}/oauth/v2/token`, { grant_type: emulator.client.secret, code })
  await fetch(`${us.recruitApi}/Candidates/${accessToken}?token=${accessToken}`)
  const written = JSON.stringify(emulator.journal())
  for (const secret of [code, accessToken, refreshToken, emulator.client.secret]) {
    expect(written).not.toContain(secret)
    expect(written).not.toContain(secret.slice(-7))
  }
  expect(lastCall(emulator)?.path).toBe(`/recruit/v2/Candidates/…${six(accessToken)}`)
})

it('keeps 500 entries, continues the numbers after a reset, and filters by number', async () => {
  const emulator = await start()
  for (let times = 0; times < 300; times += 1)
    emulator.issueSelfClientCode({ scope: 'ZohoRecruit.modules.ALL', dataCenter: 'us' })
  expect(emulator.journal()).toHaveLength(300)
  for (let times = 0; times < 300; times += 1)
    emulator.issueSelfClientCode({ scope: 'ZohoRecruit.modules.ALL', dataCenter: 'us' })
  expect(emulator.journal().map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: 500 }, (_, index) => index + 101),
  )
  expect(
    (await journalAt(emulator, '?after=598')).body.map((entry: JournalEntry) => entry.sequence),
  ).toEqual([599, 600])
  emulator.reset()
  expect((await journalAt(emulator)).body).toEqual([])
  emulator.issueSelfClientCode({ scope: 'ZohoRecruit.modules.ALL', dataCenter: 'us' })
  expect(emulator.journal(600)).toMatchObject([{ sequence: 601 }])
})

it.each(['-1', 'x', '1.5'])('refuses after=%s with a cause and a hint', async (after) => {
  const emulator = await start()
  expect(await journalAt(emulator, `?after=${after}`)).toEqual({
    status: 400,
    body: { error: expect.stringMatching(/^after: .*send a whole number/) },
  })
})

it('does not record requests to control endpoints', async () => {
  const emulator = await start()
  for (const path of ['/_emulator', '/_emulator/calls', '/_emulator/journal'])
    await fetch(`${emulator.dataCenters.us.accountsServer}${path}`)
  expect(emulator.journal()).toEqual([])
})
