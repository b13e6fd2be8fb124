import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { throttled } from './support.ts'
import { exchangeRequest, countAccessTokens, refreshRequest, transports } from './transports.ts'

const seconds = (milliseconds: number) => milliseconds / 1000

describe.each(transports)('%s', (_, startEmulator) => {
  it('latency: the request takes effect immediately, and the response comes late', async () => {
    const target = await startEmulator()
    target.emulator.addFault({ on: 'token', kind: 'latency', seconds: 1 })
    const began = performance.now()
    let answered = false
    const response = target.send(...exchangeRequest(target)).finally(() => (answered = true))
    await expect.poll(() => countAccessTokens(target)).toBe(1)
    expect(answered).toBe(false)
    expect(await (await response).json()).toHaveProperty('access_token')
    expect(seconds(performance.now() - began)).toBeGreaterThan(0.98)
  })

  it('latency: a request takes effect even if the client aborts it', async () => {
    const target = await startEmulator()
    target.emulator.addFault({ on: 'token', kind: 'latency', seconds: 0.3, times: 1 })
    const [url, init] = exchangeRequest(target)
    await expect(target.send(url, { ...init, signal: AbortSignal.timeout(100) })).rejects.toThrow(
      /time-?out/i,
    )
    expect(await (await target.send(url, init)).json()).toEqual({ error: 'invalid_code' })
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect((await target.send(...exchangeRequest(target))).status).toBe(200)
  })

  it('drip: sends the real response one byte at a time', async () => {
    const target = await startEmulator()
    target.emulator.addFault({ on: 'token', kind: 'drip', seconds: 0.02 })
    const began = performance.now()
    const response = await target.send(...refreshRequest(target, 'unknown'))
    const sizes = []
    let text = ''
    for await (const chunk of response.body ?? []) {
      sizes.push(chunk.length)
      text += new TextDecoder().decode(chunk)
    }
    expect(text).toBe('{"error":"invalid_code"}')
    expect(sizes.length).toBeGreaterThan(2)
    expect(seconds(performance.now() - began)).toBeGreaterThan(text.length * 0.019)
  })

  it('drip: ends when the client aborts', async () => {
    const target = await startEmulator()
    target.emulator.addFault({ on: 'token', kind: 'drip', seconds: 0.05 })
    const [url, init] = exchangeRequest(target)
    const client = new AbortController()
    const response = await target.send(url, { ...init, signal: client.signal })
    // Abort while the body is being sent, however late it started.
    client.abort(new Error('the client gave up'))
    await expect(response.text()).rejects.toThrow('the client gave up')
    target.emulator.clearFaults()
    expect((await target.send(...exchangeRequest(target))).status).toBe(200)
  })

  it('silence: a request has no effect and gets no response; the client can abort it', async () => {
    const target = await startEmulator()
    target.emulator.addFault({ on: 'token', kind: 'silence', times: 1 })
    const [url, init] = exchangeRequest(target)
    const began = performance.now()
    await expect(target.send(url, { ...init, signal: AbortSignal.timeout(200) })).rejects.toThrow(
      /time-?out/i,
    )
    expect(seconds(performance.now() - began)).toBeLessThan(5)
    expect(countAccessTokens(target)).toBe(0)
    expect(await (await target.send(url, init)).json()).toHaveProperty('access_token')
  })

  it('silence: the connection ends after 60 seconds', async () => {
    const target = await startEmulator()
    target.emulator.addFault({ on: 'token', kind: 'silence' })
    const failure = vi.fn<(error: unknown) => void>()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    void target.send(...exchangeRequest(target)).catch(failure)
    while (target.emulator.faults()[0]?.struck === 0)
      await new Promise((resolve) => setImmediate(resolve))
    await vi.advanceTimersByTimeAsync(59_900)
    expect(failure).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(200)
    vi.useRealTimers()
    await expect
      .poll(() => failure.mock.calls)
      .toEqual([[expect.objectContaining({ message: 'fetch failed' })]])
  })

  it('silence: the connection ends when the emulator closes', async () => {
    const target = await startEmulator()
    target.emulator.addFault({ on: 'token', kind: 'silence' })
    const response = target.send(...exchangeRequest(target))
    const failure = response.catch((error: unknown) => error)
    await expect.poll(() => target.emulator.faults()[0]?.struck).toBe(1)
    await target.emulator.close()
    expect(await failure).toBeInstanceOf(TypeError)
  })

  it.each(['drop-before', 'drop-after'] as const)(
    '%s: the connection ends without a response',
    async (kind) => {
      const target = await startEmulator()
      target.emulator.addFault({ on: 'token', kind, times: 1 })
      const [url, init] = exchangeRequest(target)
      await expect(target.send(url, init)).rejects.toThrow(new TypeError('fetch failed'))
      expect(countAccessTokens(target)).toBe(kind === 'drop-after' ? 1 : 0)
      const again = await (await target.send(url, init)).json()
      expect(again).toEqual(
        kind === 'drop-after'
          ? { error: 'invalid_code' }
          : expect.objectContaining({ access_token: expect.any(String) }),
      )
      expect(target.emulator.calls().token).toBe(2)
    },
  )

  it.each([400, 401, 404, 429, 500, 502, 503, 504])(
    'status %i: an HTML page, without effect',
    async (status) => {
      const target = await startEmulator()
      target.emulator.addFault({
        on: 'token',
        kind: 'status',
        status,
        ...(status === 429 ? { retryAfter: '120' } : {}),
      })
      const response = await target.send(...exchangeRequest(target))
      expect(response.status).toBe(status)
      expect(response.headers.get('content-type')).toMatch(/^text\/html/)
      expect(response.headers.get('retry-after')).toBe(status === 429 ? '120' : null)
      expect(await response.text()).toContain('<!doctype html>')
      expect(countAccessTokens(target)).toBe(0)
    },
  )

  it('html: status 200 and an HTML page, without effect', async () => {
    const target = await startEmulator()
    target.emulator.addFault({ on: 'token', kind: 'html' })
    const response = await target.send(...exchangeRequest(target))
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^text\/html/)
    expect(await response.text()).toContain('<!doctype html>')
    expect(countAccessTokens(target)).toBe(0)
  })

  it('truncated: the first half of the real response, with effect', async () => {
    const target = await startEmulator()
    target.emulator.addFault({ on: 'token', kind: 'truncated' })
    const response = await target.send(...exchangeRequest(target))
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json;charset=UTF-8')
    const text = await response.text()
    expect(text).toMatch(/^\{"access_token":"1000\./)
    expect(() => JSON.parse(text) as unknown).toThrow()
    expect(countAccessTokens(target)).toBe(1)
  })

  it('empty: status 200 and no body, without effect', async () => {
    const target = await startEmulator()
    target.emulator.addFault({ on: 'token', kind: 'empty' })
    const response = await target.send(...exchangeRequest(target))
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('')
    expect(countAccessTokens(target)).toBe(0)
  })

  it('oversized: the real response, still valid, with more than 64 KiB', async () => {
    const target = await startEmulator()
    target.emulator.addFault({ on: 'token', kind: 'oversized' })
    const text = await (await target.send(...exchangeRequest(target))).text()
    expect(text.length).toBeGreaterThan(64 * 1024)
    expect(JSON.parse(text)).toHaveProperty('access_token')
    expect(countAccessTokens(target)).toBe(1)
  })

  it('not-utf8: the real response with one invalid byte, otherwise valid JSON', async () => {
    const target = await startEmulator()
    target.emulator.addFault({ on: 'token', kind: 'not-utf8' })
    const bytes = await (await target.send(...exchangeRequest(target))).arrayBuffer()
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toThrow()
    const lenient = new TextDecoder().decode(bytes)
    expect(lenient.split('\ufffd')).toHaveLength(2)
    expect(JSON.parse(lenient)).toHaveProperty('access_token')
    expect(countAccessTokens(target)).toBe(1)
  })

  it('redirect: the default status is 302', async () => {
    const target = await startEmulator()
    target.emulator.addFault({ on: 'token', kind: 'redirect', location: '/elsewhere' })
    const response = await target.send(...exchangeRequest(target))
    expect([response.status, response.headers.get('location')]).toEqual([302, '/elsewhere'])
  })

  it.each([301, 302, 303, 307, 308] as const)(
    'redirect %i: redirects to the location, without effect',
    async (status) => {
      const target = await startEmulator()
      const location = 'http://127.0.0.1:1/elsewhere?x=1'
      target.emulator.addFault({ on: 'token', kind: 'redirect', status, location })
      const response = await target.send(...exchangeRequest(target))
      expect([response.status, response.headers.get('location')]).toEqual([status, location])
      expect(countAccessTokens(target)).toBe(0)
    },
  )

  it.each([
    [{ error: 'invalid_client' }, 200, '{"error":"invalid_client"}'],
    [{ error: 'Größter "Fehler"', status: 401 }, 401, '{"error":"Größter \\"Fehler\\""}'],
  ])('error: %j', async (fields, status, text) => {
    const target = await startEmulator()
    target.emulator.addFault({ on: 'token', kind: 'error', ...fields })
    const response = await target.send(...exchangeRequest(target))
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      status,
      'application/json;charset=UTF-8',
      text,
    ])
    expect(countAccessTokens(target)).toBe(0)
  })

  it('throttle: uses the settings, or the fields of the fault', async () => {
    const target = await startEmulator({ throttleStatus: 200 })
    const { id } = target.emulator.addFault({ on: 'token', kind: 'throttle' })
    const bySettings = await target.send(...exchangeRequest(target))
    expect([bySettings.status, await bySettings.text()]).toEqual([200, throttled])
    target.emulator.clearFaults(id)
    target.emulator.addFault({ on: 'token', kind: 'throttle', status: 429, language: 'zh' })
    const byFields = await target.send(...exchangeRequest(target))
    expect([byFields.status, (await byFields.json()) as unknown]).toEqual([
      429,
      {
        error_description: '您已连续提出过多请求，请稍后再试。',
        error: '拒绝访问',
        status: 'failure',
      },
    ])
    expect(countAccessTokens(target)).toBe(0)
  })
})
