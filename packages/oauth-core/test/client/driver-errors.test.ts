import { inspect } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  consoleListener,
  errorKindOf,
  RecruitOAuthError,
  type ConnectionStore,
  type RecruitOAuthErrorJson,
} from '../../src/index.ts'
import { errorOf } from './connected.ts'
import { fail, hostileProxy } from './hostile-arguments.ts'
import { startSetup } from './setup.ts'

const secret = 'postgres://app:canary@db.internal/app'

/** A client whose store rejects each command with this error. */
const startFailing = async (error: unknown) => {
  const failing = async (): Promise<never> => {
    throw error
  }
  const store: ConnectionStore = { read: failing, write: failing, list: failing }
  const setup = await startSetup({ store: () => store })
  const client = setup.client()
  return { ...setup, client, acme: client.connection('acme') }
}

const errorsOfDrivers: readonly (readonly [error: unknown, kind: string | undefined])[] = [
  [new TypeError(secret), 'TypeError'],
  [Object.assign(new Error(secret), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
  [Object.assign(new Error(secret), { name: 'error', code: '28P01' }), '28P01'],
  [
    new TypeError(secret, { cause: Object.assign(new Error(secret), { code: 'ENOTFOUND' }) }),
    'TypeError, ENOTFOUND',
  ],
  [
    Object.assign(new AggregateError([], secret), { code: 'ECONNREFUSED' }),
    'AggregateError, ECONNREFUSED',
  ],
  [new (class ClientOfflineError extends Error {})(secret), 'ClientOfflineError'],
  [Object.assign(new Error(secret), { name: secret, code: secret }), undefined],
  [Object.assign(new Error(secret), { code: 'canary' }), undefined],
  [Object.assign(new Error(secret), { code: 'X'.repeat(42) }), undefined],
  [secret, undefined],
  [{ message: secret }, undefined],
  [hostileProxy, undefined],
  [Object.defineProperty({}, 'name', { get: fail }), undefined],
  [null, undefined],
  [undefined, undefined],
]

// The titles have no errors, because printing a hostile one throws.
const cases = errorsOfDrivers.map(([error, kind], index) => [index, kind, () => error] as const)
it.each(cases)('error %i: names class and code (%s), and no text', async (_, kind, create) => {
  const error = create()
  expect(errorKindOf(error)).toBe(kind)
  const { acme, client } = await startFailing(error)
  const calls = [() => acme.status(), () => acme.accessToken(), () => client.connections()]
  for (const call of calls) {
    const failure = await errorOf(call())
    expect(failure).toMatchObject({
      code: 'store-unavailable',
      summary: kind === undefined ? 'The store failed.' : `The store failed: ${kind}.`,
    })
    expect(inspect(failure, { showHidden: true, depth: 9 })).not.toMatch(/canary|db\.internal/)
  }
})

describe('the error of the driver', () => {
  it('reaches the listener, but no page, no JSON and no copy of the event', async () => {
    const driverError = new TypeError(secret)
    const { acme, client, events } = await startFailing(driverError)
    await errorOf(acme.status())
    await errorOf(client.connections())
    expect(
      events.map((event) => event.type === 'store-failed' && [event.doing, event.connection]),
    ).toEqual([
      ['read', 'acme'],
      ['list', undefined],
    ])
    for (const event of events) {
      expect(event).toHaveProperty('dangerousCause', driverError)
      expect(JSON.stringify([event, { ...event }])).not.toMatch(/canary|dangerousCause/)
      expect(inspect(event)).not.toContain('canary')
    }
    for (const accept of ['text/html', 'application/json']) {
      const request = new Request('https://app.example.com/x', { headers: { accept } })
      const response = client.errorResponse(await errorOf(acme.status()), request)
      expect(response?.status).toBe(503)
      expect(await response?.text()).not.toMatch(/canary|TypeError|dangerousCause/)
    }
  })

  it('of a store that creates its own errors is passed on, too', async () => {
    const driverError = new Error(secret)
    const ownError = () =>
      new RecruitOAuthError('configuration-invalid', {
        summary: 'The password is wrong.',
        dangerousCause: driverError,
      })
    const error = ownError()
    expect(inspect(error, { showHidden: true, depth: 9 })).not.toContain('canary')
    expect(JSON.stringify(error)).not.toContain('canary')
    expect(Object.keys(error)).not.toContain('dangerousCause')
    const { acme, events } = await startFailing(error)
    expect(await errorOf(acme.status())).toMatchObject({ summary: 'The password is wrong.' })
    expect(events).toMatchObject([{ type: 'store-failed', dangerousCause: driverError }])
  })

  it('survives neither JSON nor a copy of the error', () => {
    const error = new RecruitOAuthError('store-unavailable', { dangerousCause: secret })
    const json = JSON.parse(JSON.stringify(error)) as RecruitOAuthErrorJson
    for (const copy of [
      RecruitOAuthError.fromJSON(json),
      new RecruitOAuthError('store-unavailable', { ...error }),
    ])
      expect(Object.getOwnPropertySymbols(copy)).toHaveLength(1)
  })
})

describe('the console', () => {
  afterEach(() => void vi.restoreAllMocks())

  it('shows the class and the code of the error of the driver', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { acme, events } = await startFailing(
      Object.assign(new TypeError(secret), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }),
    )
    await errorOf(acme.status())
    for (const event of events) consoleListener(event)
    consoleListener({ type: 'store-failed', doing: 'list' })
    expect(warn.mock.calls).toEqual([
      [
        '[zrecruit] The store failed to read: TypeError, ERR_TLS_CERT_ALTNAME_INVALID. ' +
          '(connection acme)',
      ],
      ['[zrecruit] The store failed to list.'],
    ])
  })
})
