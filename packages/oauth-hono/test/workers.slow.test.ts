import { createEmulator, type Emulator } from '@zrecruit/oauth-emulator'
import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { findProgram, runtimes, startIn, type Started } from './runtimes/start.ts'

const workerd = runtimes.find(({ name }) => name === 'workerd')!
const latencyMs = 2_000

describe.skipIf(!process.env['CI'] && findProgram(workerd) === undefined)('in workerd', () => {
  let emulator: Emulator
  let worker: Started
  beforeEach(async () => {
    emulator = createEmulator({ redirectUris: ['https://app.example.com/zoho/callback'] })
    await emulator.listen({ port: 0 })
    worker = await startIn(workerd, new URL('./runtimes/worker.ts', import.meta.url), {
      CLIENT_ID: emulator.client.id,
      CLIENT_SECRET: emulator.client.secret,
      DATA_CENTERS: JSON.stringify(emulator.dataCenters),
      ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
    })
  })
  afterEach(async () => {
    await worker.close()
    await emulator.close()
  })

  const ask = async (path: string, init?: RequestInit) => {
    const response = await fetch(worker.origin + path, { redirect: 'manual', ...init })
    return { status: response.status, text: await response.text() }
  }

  /**
   * Sends a request and closes the connection, so that workerd cancels the work of the request.
   */
  const cutOff = async (path: string, { method = 'GET', headers = {}, afterMs = 300 } = {}) => {
    const { port } = new URL(worker.origin)
    const sent = request({ host: '127.0.0.1', port, path, method, headers })
    const failed = new Promise((resolve) => sent.on('error', resolve))
    sent.end()
    await sleep(afterMs)
    sent.socket?.resetAndDestroy()
    await failed
  }

  /**
   * Starts at the app, consents at Zoho, and returns the callback request that the browser would
   * send next.
   */
  const consentAtZoho = async () => {
    const connect = await fetch(`${worker.origin}/zoho/connect`, { redirect: 'manual' })
    const consent = await fetch(connect.headers.get('location') ?? '', {
      method: 'POST',
      body: new URLSearchParams({ decision: 'approve' }),
      redirect: 'manual',
    })
    const { pathname, search } = new URL(consent.headers.get('location') ?? '')
    return {
      path: pathname + search,
      headers: { cookie: connect.headers.getSetCookie()[0]?.split(';')[0] ?? '' },
    }
  }

  const connect = async () => {
    const { path, headers } = await consentAtZoho()
    expect((await ask(path, { headers })).status).toBe(303)
  }

  const delayNext = (on: 'token' | 'revoke') =>
    emulator.addFault({ on, kind: 'latency', seconds: latencyMs / 1_000, times: 1 })

  it('`env` is one object for all requests of an isolate, so there is one client', async () => {
    await connect()
    await Promise.all(Array.from({ length: 20 }, () => ask('/token')))
    expect((await ask('/envs')).text).toBe('{"requestEnvs":1,"optionsEnvs":1}')
  })

  describe('a refresh whose first caller', () => {
    const sendOthers = async () => {
      const send = (count: number) => Array.from({ length: count }, () => ask('/token'))
      await sleep(100)
      // Ten callers come before the first one is gone, and ten after.
      const early = send(10)
      await sleep(600)
      return Promise.all([...early, ...send(10)])
    }

    const connectWithExpiredToken = async () => {
      await connect()
      emulator.advanceClock(3_600)
      await ask('/an-hour-later', { method: 'POST' })
      delayNext('token')
      return emulator.calls().token
    }

    it.each<[string, () => Promise<unknown>]>([
      ['is cut off in the middle', () => cutOff('/token')],
      ['was answered without waiting for it', () => ask('/token-unawaited')],
      ['is a job with the execution context, and is cut off', () => cutOff('/job-with-context')],
    ])('%s still completes, once for all callers', async (_, first) => {
      const before = await connectWithExpiredToken()
      const startedAt = performance.now()
      const [responses] = await Promise.all([sendOthers(), first()])
      expect(performance.now() - startedAt).toBeLessThan(latencyMs + 1_500)
      expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]))
      expect(new Set(responses.map(({ text }) => text)).size).toBe(1)
      expect([emulator.calls().token - before, worker.stderr()]).toEqual([1, ''])
    })

    it('is cut off without `waitUntil` is repeated by another caller after its lease', async () => {
      const before = await connectWithExpiredToken()
      const startedAt = performance.now()
      const [responses] = await Promise.all([sendOthers(), cutOff('/job')])
      expect(performance.now() - startedAt).toBeLessThan(14_000)
      expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]))
      expect(new Set(responses.map(({ text }) => text)).size).toBe(1)
      expect([emulator.calls().token - before, worker.stderr()]).toEqual([2, ''])
    })
  })

  it('a callback that is cut off during the exchange still connects', async () => {
    const { path, headers } = await consentAtZoho()
    delayNext('token')
    await cutOff(path, { headers })
    await vi.waitFor(async () => expect((await ask('/status')).text).toBe('"active"'), {
      timeout: latencyMs + 2_000,
      interval: 100,
    })
    expect([emulator.calls().token, (await ask(path, { headers })).status]).toEqual([1, 303])
  })

  it('a revocation that is cut off is still completed', async () => {
    await connect()
    delayNext('revoke')
    await cutOff('/zoho/disconnect', { method: 'POST' })
    await vi.waitFor(async () => expect((await ask('/status')).text).toBe('"revoked"'), {
      timeout: latencyMs + 2_000,
      interval: 100,
    })
    expect(emulator.tokens().refreshTokens).toEqual([])
  })
})
