import { describe, expect, it } from 'vitest'
import type { Fault } from '../src/index.ts'
import {
  api,
  authorizationUrl,
  connect,
  decide,
  exchange,
  post,
  refresh,
  start,
} from './support.ts'
import { exchangeRequest, refreshRequest, transports } from './transports.ts'

const failing = { kind: 'status', status: 503 } as const

describe.each(transports)('%s', (_, startEmulator) => {
  it('a fault applies `times` times, and the list shows the count', async () => {
    const target = await startEmulator()
    const { emulator, send } = target
    const { id } = emulator.addFault({ on: 'token', ...failing, retryAfter: '7', times: 2 })
    const expected = { id, on: 'token', kind: 'status', status: 503, retryAfter: '7', times: 2 }
    expect(emulator.faults()).toEqual([{ ...expected, struck: 0, left: 2 }])
    for (let struck = 1; struck <= 2; struck += 1) {
      expect((await send(...exchangeRequest(target))).status).toBe(503)
      expect(emulator.faults()).toEqual([{ ...expected, struck, left: 2 - struck }])
    }
    expect((await send(...exchangeRequest(target))).status).toBe(200)
    expect(emulator.calls().token).toBe(3)
  })

  it('a fault applies exactly `times` times to concurrent requests', async () => {
    const target = await startEmulator()
    target.emulator.addFault({
      on: 'token',
      grantType: 'authorization_code',
      ...failing,
      times: 3,
    })
    const responses = await Promise.all(
      Array.from({ length: 8 }, (__, index) =>
        target.send(...exchangeRequest(target, index % 2 ? 'us' : 'eu')),
      ),
    )
    expect(responses.filter(({ status }) => status === 503)).toHaveLength(3)
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(5)
  })

  it('selects by grant type in query or body, and leaves the request unchanged', async () => {
    const target = await startEmulator()
    const first = (await (await target.send(...exchangeRequest(target))).json()) as {
      refresh_token: string
    }
    target.emulator.addFault({ on: 'token', grantType: 'refresh_token', ...failing })
    const [url, init] = refreshRequest(target, first.refresh_token)
    expect((await target.send(url, init)).status).toBe(503)
    expect((await target.send(`${url}?${String(init.body)}`, { method: 'POST' })).status).toBe(503)
    const form = new FormData()
    for (const [name, value] of init.body as URLSearchParams) form.set(name, value)
    expect((await target.send(url, { method: 'POST', body: form })).status).toBe(503)
    const other = await target.send(...exchangeRequest(target))
    expect(await other.json()).toHaveProperty('refresh_token')
  })

  it('a fault with dataCenter applies only there', async () => {
    const target = await startEmulator()
    target.emulator.addFault({ on: 'token', dataCenter: 'eu', ...failing })
    expect((await target.send(...exchangeRequest(target, 'us'))).status).toBe(200)
    expect((await target.send(...exchangeRequest(target, 'eu'))).status).toBe(503)
  })
})

it.each<[Fault['on'], (emulator: Awaited<ReturnType<typeof start>>) => Promise<number>]>([
  ['token', async (emulator) => (await refresh(emulator, 'x')).status],
  [
    'revoke',
    async (emulator) =>
      (
        await post(`${emulator.dataCenters.us.accountsServer}/oauth/v2/token/revoke`, {
          token: 'x',
        })
      ).status,
  ],
  [
    'revoke',
    async (emulator) =>
      (
        await post(`${emulator.dataCenters.us.accountsServer}/oauth/v2/revoke/token`, {
          token: 'x',
        })
      ).status,
  ],
  ['authorize', async (emulator) => (await fetch(authorizationUrl(emulator))).status],
  [
    'authorize',
    async (emulator) =>
      (await fetch(authorizationUrl(emulator), { method: 'POST', redirect: 'manual' })).status,
  ],
  [
    'api',
    async (emulator) => (await fetch(`${emulator.dataCenters.us.recruitApi}/Candidates`)).status,
  ],
  [
    'api',
    async (emulator) =>
      (await fetch(`${emulator.dataCenters.us.apiDomain}/recruit/v2/Candidates`)).status,
  ],
])('a fault on %s does not apply to other requests', async (on, call) => {
  const emulator = await start()
  emulator.addFault({ on, kind: 'status', status: 599 })
  const others = (['token', 'revoke', 'authorize', 'api'] as const).filter((other) => other !== on)
  expect(await call(emulator)).toBe(599)
  emulator.clearFaults()
  for (const other of others) emulator.addFault({ on: other, kind: 'status', status: 599 })
  expect(await call(emulator)).not.toBe(599)
})

it('faults do not apply to control endpoints and serverinfo', async () => {
  const emulator = await start()
  for (const on of ['token', 'revoke', 'authorize', 'api'] as const)
    emulator.addFault({ on, kind: 'drop-before' })
  const { accountsServer } = emulator.dataCenters.us
  expect((await fetch(`${accountsServer}/_emulator/faults`)).status).toBe(200)
  expect((await fetch(`${accountsServer}/oauth/serverinfo`)).status).toBe(200)
})

it('drop-after: the request takes effect before the connection ends', async () => {
  const emulator = await start()
  const { refreshToken, accessToken } = await connect(emulator)
  for (const on of ['authorize', 'revoke', 'api'] as const)
    emulator.addFault({ on, kind: 'drop-after', times: 1 })
  await expect(decide(emulator, { decision: 'approve' })).rejects.toThrow('fetch failed')
  await expect(api(emulator, 'Candidates', accessToken)).rejects.toThrow('fetch failed')
  await expect(
    post(`${emulator.dataCenters.us.accountsServer}/oauth/v2/token/revoke`, {
      token: refreshToken,
    }),
  ).rejects.toThrow('fetch failed')
  expect((await refresh(emulator, refreshToken)).body).toEqual({ error: 'invalid_code' })
  expect(emulator.calls()).toEqual({ token: 2, revoke: 1, authorize: 0, api: 1 })
})

it('only the first matching fault applies to a request', async () => {
  const emulator = await start()
  emulator.addFault({ on: 'token', kind: 'error', error: 'first', times: 1 })
  emulator.addFault({ on: 'token', kind: 'error', error: 'second', times: 1 })
  expect((await exchange(emulator, 'x')).body).toEqual({ error: 'first' })
  expect((await exchange(emulator, 'x')).body).toEqual({ error: 'second' })
  expect((await exchange(emulator, 'x')).body).toEqual({ error: 'invalid_code' })
  expect(emulator.faults().map(({ struck, left }) => [struck, left])).toEqual([
    [1, 0],
    [1, 0],
  ])
})

it('a fault with a path applies to that path of the API with any query', async () => {
  const emulator = await start()
  const { accessToken } = await connect(emulator)
  const path = '/recruit/v2/Assessments'
  emulator.addFault({ on: 'api', path, kind: 'token-rejected' })
  const refused = await api(emulator, 'Assessments?page=1', accessToken)
  expect(refused).toMatchObject({ status: 401, body: { code: 'INVALID_TOKEN', status: 'error' } })
  expect((await api(emulator, 'Candidates', accessToken)).status).toBe(200)
  expect(emulator.faults()).toMatchObject([{ path, struck: 1 }])
  emulator.clearFaults()
  emulator.addFault({ on: 'api', kind: 'token-rejected', code: 'AUTHENTICATION_FAILURE' })
  expect((await api(emulator, 'Candidates', accessToken)).body).toMatchObject({
    code: 'AUTHENTICATION_FAILURE',
  })
})

it('clearFaults() removes one fault or all, and reset() removes all', async () => {
  const emulator = await start()
  const first = emulator.addFault({ on: 'api', kind: 'empty' })
  const second = emulator.addFault({ on: 'token', kind: 'html' })
  emulator.clearFaults(first.id)
  expect(emulator.faults().map(({ id }) => id)).toEqual([second.id])
  expect(() => emulator.clearFaults(first.id)).toThrow(/id: no fault "fault-1"/)
  emulator.clearFaults()
  expect(emulator.faults()).toEqual([])
  const third = emulator.addFault({ on: 'token', kind: 'html' })
  expect(third.id).not.toBe(second.id)
  emulator.reset()
  expect(emulator.faults()).toEqual([])
  expect((await exchange(emulator, 'x')).body).toEqual({ error: 'invalid_code' })
})

it('does not corrupt responses without a body', async () => {
  const emulator = await start()
  const { accessToken } = await connect(emulator)
  for (const kind of ['truncated', 'oversized', 'not-utf8'] as const) {
    emulator.addFault({ on: 'api', kind, times: 1 })
    expect(await api(emulator, 'Candidates/1', accessToken)).toMatchObject({
      status: 204,
      text: '',
    })
  }
  emulator.addFault({ on: 'api', kind: 'drip', seconds: 1, times: 1 })
  expect(await api(emulator, 'Candidates/1', accessToken)).toMatchObject({ status: 204, text: '' })
})
