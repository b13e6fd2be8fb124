import { expect, it } from 'vitest'
import { createEmulator, type Fault } from '../src/index.ts'
import { exchange, start } from './support.ts'

type Started = Awaited<ReturnType<typeof start>>

async function control(
  emulator: Started,
  method: string,
  path: string,
  body?: unknown,
  at: 'us' | 'eu' = 'us',
) {
  const init =
    body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
  const response = await fetch(`${emulator.dataCenters[at].accountsServer}/_emulator/${path}`, {
    method,
    ...init,
  })
  return { status: response.status, body: await response.json() }
}

it('adds, lists and clears faults at any accounts server', async () => {
  const emulator = await start()
  const fault = {
    on: 'token',
    kind: 'error',
    error: 'invalid_client',
    status: 401,
    grantType: 'authorization_code',
    dataCenter: 'us',
    times: 3,
  }
  const added = await control(emulator, 'POST', 'faults', fault, 'eu')
  expect(added).toEqual({ status: 200, body: { id: expect.any(String) } })
  expect(await exchange(emulator, 'x')).toMatchObject({
    status: 401,
    body: { error: 'invalid_client' },
  })
  const listed = { ...fault, id: added.body.id, struck: 1, left: 2 }
  expect(await control(emulator, 'GET', 'faults')).toEqual({ status: 200, body: [listed] })
  expect(emulator.faults()).toEqual([listed])
  const second = await control(emulator, 'POST', 'faults', { on: 'api', kind: 'silence' })
  expect(await control(emulator, 'DELETE', `faults/${added.body.id}`)).toEqual({
    status: 200,
    body: {},
  })
  expect(emulator.faults()).toEqual([
    { on: 'api', kind: 'silence', id: second.body.id, struck: 0, left: null },
  ])
  expect(await control(emulator, 'DELETE', 'faults')).toEqual({ status: 200, body: {} })
  expect(emulator.faults()).toEqual([])
})

it.each<[unknown, RegExp]>([
  [{}, /^kind: missing: send "latency" or "drip" or .*"no-body"\.$/],
  [{ on: 'token', kind: 'fire' }, /^kind: "fire" is not allowed: send/],
  [{ kind: 'empty' }, /^on: missing: send "token" or "revoke" or "authorize" or "api"/],
  [{ on: 'anything', kind: 'empty' }, /^on: "anything" is not allowed/],
  [
    { on: 'token', kind: 'empty', dataCenter: 'jp' },
    /^dataCenter: "jp" is not allowed: send "us" or "eu" or "in"/,
  ],
  [{ on: 'token', kind: 'empty', grantType: 'password' }, /^grantType: "password"/],
  [
    { on: 'api', kind: 'empty', grantType: 'refresh_token' },
    /^grantType: a fault of kind empty on api has no such field: use kind, on, dataCenter/,
  ],
  [
    { on: 'token', kind: 'empty', path: '/oauth/v2/token' },
    /^path: a fault of kind empty on token has no such field/,
  ],
  [
    { on: 'api', kind: 'token-rejected', code: 'OTHER' },
    /^code: "OTHER" is not allowed: send "INVALID_TOKEN" or "INVALID_OAUTHTOKEN" or "AUTH/,
  ],
  [
    { on: 'token', kind: 'empty', times: 0 },
    /^times: 0 is not allowed: send a whole number from 1/,
  ],
  [{ on: 'token', kind: 'empty', times: '1' }, /^times: "1" is not allowed/],
  [{ on: 'token', kind: 'latency' }, /^seconds: missing: send seconds above 0/],
  [{ on: 'token', kind: 'latency', seconds: 0 }, /^seconds: 0/],
  [{ on: 'token', kind: 'drip', seconds: 601 }, /^seconds: 601/],
  [
    { on: 'token', kind: 'status', status: 200 },
    /^status: 200 is not allowed: send a whole number from 400 to 599/,
  ],
  [
    { on: 'token', kind: 'status', status: 503, retryAfter: 7 },
    /^retryAfter: 7 is not allowed: send a string/,
  ],
  [{ on: 'token', kind: 'status', status: 503, retryAfter: 'a\r\nb: c' }, /^retryAfter:/],
  [{ on: 'token', kind: 'redirect' }, /^location: missing/],
  [{ on: 'token', kind: 'redirect', location: 'http://ö.example/' }, /^location:/],
  [
    { on: 'token', kind: 'redirect', location: '/', status: 300 },
    /^status: 300 is not allowed: send 301 or 302/,
  ],
  [{ on: 'token', kind: 'error', error: 7 }, /^error: 7 is not allowed: send a string/],
  [
    { on: 'token', kind: 'error', error: 'x', status: 302 },
    /^status: 302 is not allowed: send 200 or a whole number/,
  ],
  [
    { on: 'token', kind: 'throttle', language: 'de' },
    /^language: "de" is not allowed: send "en" or "zh"/,
  ],
  [
    { on: 'token', kind: 'html', status: 500 },
    /^status: a fault of kind html on token has no such field/,
  ],
  [{ on: 'token', kind: 'toString' }, /^kind: "toString"/],
  [{ on: 'token', kind: 'empty', times: null }, /^times: a value of type null is not allowed/],
  ['[]', /not a JSON object/],
  ['{', /not JSON/],
])('refuses an invalid fault, naming the field and a hint: %j', async (fault, message) => {
  const emulator = await start()
  expect(await control(emulator, 'POST', 'faults', fault)).toEqual({
    status: 400,
    body: { error: expect.stringMatching(message) },
  })
  if (typeof fault === 'object')
    expect(() => createEmulator().addFault(fault as Fault)).toThrow(message)
  expect(emulator.faults()).toEqual([])
})

it('refuses a fault that is not an object, and an unknown id', async () => {
  expect(() => createEmulator().addFault('empty' as never)).toThrow(/A fault is an object, such as/)
  const emulator = await start()
  expect(await control(emulator, 'DELETE', 'faults/fault-9')).toEqual({
    status: 400,
    body: { error: expect.stringMatching(/^id: no fault "fault-9".*GET/) },
  })
})

it('stores a copy of a fault', async () => {
  const emulator = await start()
  const fault = { on: 'token', kind: 'error', error: 'first' } as const
  emulator.addFault(fault)
  Object.assign(fault, { error: 'second' })
  Object.assign(emulator.faults()[0] ?? {}, { error: 'third' })
  expect((await exchange(emulator, 'x')).body).toEqual({ error: 'first' })
})
