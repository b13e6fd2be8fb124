import { expect, it } from 'vitest'
import type { Fault } from '../src/index.ts'
import { connectTo } from './recruit-api.ts'
import { connect, refresh, start } from './support.ts'

it.each([['general_error'], ['unauthorized_client'], ['invalid_scope'], ['access_denied']])(
  'error %s at the token endpoint',
  async (error) => {
    const emulator = await start()
    const { refreshToken } = await connect(emulator)
    emulator.addFault({ on: 'token', kind: 'error', error, times: 1 })
    expect(await refresh(emulator, refreshToken)).toMatchObject({ status: 200, body: { error } })
    expect((await refresh(emulator, refreshToken)).body).toHaveProperty('access_token')
  },
)

it('failure: a status and an error_code, as some endpoints answer', async () => {
  const emulator = await start()
  const { refreshToken } = await connect(emulator)
  emulator.addFault({ on: 'token', kind: 'failure', errorCode: 'INVALID_INPUT', times: 1 })
  expect(await refresh(emulator, refreshToken)).toMatchObject({
    status: 200,
    text: '{"status":"failure","error_code":"INVALID_INPUT"}',
  })
  emulator.addFault({ on: 'token', kind: 'failure', errorCode: 'X', status: 400, times: 1 })
  expect((await refresh(emulator, refreshToken)).status).toBe(400)
})

it.each([
  [403, 'NO_PERMISSION', undefined],
  [429, 'TOO_MANY_REQUESTS', '60'],
  [503, 'INTERNAL_ERROR', '30'],
] as const)('recruit-error: %i %s on one path', async (status, code, retryAfter) => {
  const emulator = await start()
  const { call } = await connectTo(emulator)
  const path = '/recruit/v2/users'
  const fields = retryAfter === undefined ? {} : { retryAfter }
  emulator.addFault({ on: 'api', kind: 'recruit-error', path, status, code, ...fields })
  const refused = await call('GET', 'users?type=CurrentUser')
  expect(refused).toMatchObject({ status, body: { code, details: {}, status: 'error' } })
  expect(refused.headers.get('retry-after')).toBe(retryAfter ?? null)
  expect((await call('GET', 'org')).status).toBe(200)
  expect(
    emulator.journal().find((entry) => entry.event === 'called' && entry.path === path),
  ).toMatchObject({ response: code, fault: 'recruit-error' })
})

it.each([204, 304] as const)('no-body: status %i, without effect', async (status) => {
  const emulator = await start()
  const { send, call } = await connectTo(emulator)
  emulator.addFault({ on: 'api', kind: 'no-body', status, times: 1 })
  const body = JSON.stringify({ data: [{ Last_Name: 'x' }] })
  const response = await send('POST', 'Candidates', { body })
  expect([response.status, await response.text()]).toEqual([status, ''])
  expect((await call('GET', 'Candidates')).body.info.count).toBe(14)
})

it('faults of the API apply to the upload server, the sandbox and the bulk API', async () => {
  const emulator = await start()
  const api = await connectTo(emulator)
  const sandbox = await connectTo(emulator, { environment: 'sandbox' })
  const fault = { on: 'api', kind: 'recruit-error', status: 429, code: 'SLOW' } as const
  emulator.addFault(fault)
  expect((await sandbox.call('GET', 'org')).body.code).toBe('SLOW')
  expect((await api.upload(undefined, {})).body.code).toBe('SLOW')
  expect((await api.call('POST', '/recruit/bulk/v2/read', {})).body.code).toBe('SLOW')
  expect(emulator.calls().api).toBe(3)
  const servers = emulator
    .journal()
    .flatMap((entry) => (entry.event === 'called' ? [entry.server] : []))
  expect(servers.slice(-3)).toEqual(['sandboxApi', 'uploadServer', 'recruitApi'])
})

it.each<[Partial<Fault> & { kind: string }, RegExp]>([
  [{ kind: 'recruit-error', code: 'X' } as never, /^status: missing/],
  [{ kind: 'recruit-error', status: 302, code: 'X' }, /^status: 302 is not allowed/],
  [{ kind: 'recruit-error', status: 429 } as never, /^code: missing/],
  [{ kind: 'no-body', status: 200 } as never, /^status: 200 is not allowed: send 204 or 304/],
  [{ kind: 'failure' } as never, /^errorCode: missing/],
])('refuses the fault %j', async (fault, message) => {
  const emulator = await start()
  expect(() => emulator.addFault({ on: 'api', ...fault } as Fault)).toThrow(message)
})
