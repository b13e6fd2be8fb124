import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { throttled } from './support.ts'
import { exchangeRequest, living, refreshRequest, transports } from './transports.ts'

const seconds = (milliseconds: number) => milliseconds / 1000

describe.each(transports)('%s', (_, reach) => {
  it('latency: takes effect at once and answers late', async () => {
    const reached = await reach()
    reached.emulator.addFault({ on: 'token', kind: 'latency', seconds: 1 })
    const began = performance.now()
    let answered = false
    const answer = reached.send(...exchangeRequest(reached)).finally(() => (answered = true))
    await expect.poll(() => living(reached)).toBe(1)
    expect(answered).toBe(false)
    expect(await (await answer).json()).toHaveProperty('access_token')
    expect(seconds(performance.now() - began)).toBeGreaterThan(0.98)
  })

  it('latency: a client that gives up does not undo what took effect', async () => {
    const reached = await reach()
    reached.emulator.addFault({ on: 'token', kind: 'latency', seconds: 0.3, times: 1 })
    const [url, init] = exchangeRequest(reached)
    await expect(reached.send(url, { ...init, signal: AbortSignal.timeout(100) })).rejects.toThrow(
      /time-?out/i,
    )
    expect(await (await reached.send(url, init)).json()).toEqual({ error: 'invalid_code' })
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect((await reached.send(...exchangeRequest(reached))).status).toBe(200)
  })

  it('drip: sends the true answer one byte at a time', async () => {
    const reached = await reach()
    reached.emulator.addFault({ on: 'token', kind: 'drip', seconds: 0.02 })
    const began = performance.now()
    const answer = await reached.send(...refreshRequest(reached, 'unknown'))
    const sizes = []
    let text = ''
    for await (const chunk of answer.body ?? []) {
      sizes.push(chunk.length)
      text += new TextDecoder().decode(chunk)
    }
    expect(text).toBe('{"error":"invalid_code"}')
    expect(sizes.length).toBeGreaterThan(2)
    expect(seconds(performance.now() - began)).toBeGreaterThan(text.length * 0.019)
  })

  it('drip: ends with the client that gives up', async () => {
    const reached = await reach()
    reached.emulator.addFault({ on: 'token', kind: 'drip', seconds: 0.05 })
    const [url, init] = exchangeRequest(reached)
    const client = new AbortController()
    const answer = await reached.send(url, { ...init, signal: client.signal })
    // Given up while the body drips, however late its beginning was here.
    client.abort(new Error('the client gave up'))
    await expect(answer.text()).rejects.toThrow('the client gave up')
    reached.emulator.clearFaults()
    expect((await reached.send(...exchangeRequest(reached))).status).toBe(200)
  })

  it('silence: never answers and has no effect; the client\u2019s signal ends it', async () => {
    const reached = await reach()
    reached.emulator.addFault({ on: 'token', kind: 'silence', times: 1 })
    const [url, init] = exchangeRequest(reached)
    const began = performance.now()
    await expect(reached.send(url, { ...init, signal: AbortSignal.timeout(200) })).rejects.toThrow(
      /time-?out/i,
    )
    expect(seconds(performance.now() - began)).toBeLessThan(5)
    expect(living(reached)).toBe(0)
    expect(await (await reached.send(url, init)).json()).toHaveProperty('access_token')
  })

  it('silence: ends after sixty seconds', async () => {
    const reached = await reach()
    reached.emulator.addFault({ on: 'token', kind: 'silence' })
    const failure = vi.fn<(error: unknown) => void>()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    void reached.send(...exchangeRequest(reached)).catch(failure)
    while (reached.emulator.faults()[0]?.struck === 0)
      await new Promise((resolve) => setImmediate(resolve))
    await vi.advanceTimersByTimeAsync(59_900)
    expect(failure).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(200)
    vi.useRealTimers()
    await expect
      .poll(() => failure.mock.calls)
      .toEqual([[expect.objectContaining({ message: 'fetch failed' })]])
  })

  it('silence: ends with the emulator', async () => {
    const reached = await reach()
    reached.emulator.addFault({ on: 'token', kind: 'silence' })
    const answer = reached.send(...exchangeRequest(reached))
    const failure = answer.catch((error: unknown) => error)
    await expect.poll(() => reached.emulator.faults()[0]?.struck).toBe(1)
    await reached.emulator.close()
    expect(await failure).toBeInstanceOf(TypeError)
  })

  it.each(['drop-before', 'drop-after'] as const)('%s: the connection dies', async (kind) => {
    const reached = await reach()
    reached.emulator.addFault({ on: 'token', kind, times: 1 })
    const [url, init] = exchangeRequest(reached)
    await expect(reached.send(url, init)).rejects.toThrow(new TypeError('fetch failed'))
    expect(living(reached)).toBe(kind === 'drop-after' ? 1 : 0)
    const again = await (await reached.send(url, init)).json()
    expect(again).toEqual(
      kind === 'drop-after'
        ? { error: 'invalid_code' }
        : expect.objectContaining({ access_token: expect.any(String) }),
    )
    expect(reached.emulator.calls().token).toBe(2)
  })

  it.each([400, 401, 404, 429, 500, 502, 503, 504])(
    'status %i: a page, without effect',
    async (status) => {
      const reached = await reach()
      reached.emulator.addFault({
        on: 'token',
        kind: 'status',
        status,
        ...(status === 429 ? { retryAfter: '120' } : {}),
      })
      const answer = await reached.send(...exchangeRequest(reached))
      expect(answer.status).toBe(status)
      expect(answer.headers.get('content-type')).toMatch(/^text\/html/)
      expect(answer.headers.get('retry-after')).toBe(status === 429 ? '120' : null)
      expect(await answer.text()).toContain('<!doctype html>')
      expect(living(reached)).toBe(0)
    },
  )

  it('html: status 200 and a page, without effect', async () => {
    const reached = await reach()
    reached.emulator.addFault({ on: 'token', kind: 'html' })
    const answer = await reached.send(...exchangeRequest(reached))
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toMatch(/^text\/html/)
    expect(await answer.text()).toContain('<!doctype html>')
    expect(living(reached)).toBe(0)
  })

  it('truncated: the first half of the true answer, with an effect', async () => {
    const reached = await reach()
    reached.emulator.addFault({ on: 'token', kind: 'truncated' })
    const answer = await reached.send(...exchangeRequest(reached))
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/json;charset=UTF-8')
    const text = await answer.text()
    expect(text).toMatch(/^\{"access_token":"1000\./)
    expect(() => JSON.parse(text) as unknown).toThrow()
    expect(living(reached)).toBe(1)
  })

  it('empty: status 200 and nothing, without effect', async () => {
    const reached = await reach()
    reached.emulator.addFault({ on: 'token', kind: 'empty' })
    const answer = await reached.send(...exchangeRequest(reached))
    expect(answer.status).toBe(200)
    expect(await answer.text()).toBe('')
    expect(living(reached)).toBe(0)
  })

  it('oversized: the true answer, which still can be read, beyond 64 KiB', async () => {
    const reached = await reach()
    reached.emulator.addFault({ on: 'token', kind: 'oversized' })
    const text = await (await reached.send(...exchangeRequest(reached))).text()
    expect(text.length).toBeGreaterThan(64 * 1024)
    expect(JSON.parse(text)).toHaveProperty('access_token')
    expect(living(reached)).toBe(1)
  })

  it('not-utf8: the true answer with one byte that is none, where a lenient reader still finds JSON', async () => {
    const reached = await reach()
    reached.emulator.addFault({ on: 'token', kind: 'not-utf8' })
    const bytes = await (await reached.send(...exchangeRequest(reached))).arrayBuffer()
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toThrow()
    const lenient = new TextDecoder().decode(bytes)
    expect(lenient.split('\ufffd')).toHaveLength(2)
    expect(JSON.parse(lenient)).toHaveProperty('access_token')
    expect(living(reached)).toBe(1)
  })

  it('redirect: 302 unless told otherwise', async () => {
    const reached = await reach()
    reached.emulator.addFault({ on: 'token', kind: 'redirect', location: '/elsewhere' })
    const answer = await reached.send(...exchangeRequest(reached))
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/elsewhere'])
  })

  it.each([301, 302, 303, 307, 308] as const)(
    'redirect %i: goes where it is told, without effect',
    async (status) => {
      const reached = await reach()
      const location = 'http://127.0.0.1:1/elsewhere?x=1'
      reached.emulator.addFault({ on: 'token', kind: 'redirect', status, location })
      const answer = await reached.send(...exchangeRequest(reached))
      expect([answer.status, answer.headers.get('location')]).toEqual([status, location])
      expect(living(reached)).toBe(0)
    },
  )

  it.each([
    [{ error: 'invalid_client' }, 200, '{"error":"invalid_client"}'],
    [{ error: 'Größter "Fehler"', status: 401 }, 401, '{"error":"Größter \\"Fehler\\""}'],
  ])('error: %j', async (fields, status, text) => {
    const reached = await reach()
    reached.emulator.addFault({ on: 'token', kind: 'error', ...fields })
    const answer = await reached.send(...exchangeRequest(reached))
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      status,
      'application/json;charset=UTF-8',
      text,
    ])
    expect(living(reached)).toBe(0)
  })

  it('throttle: as the settings say, or as the fault does', async () => {
    const reached = await reach({ throttleStatus: 200 })
    const { id } = reached.emulator.addFault({ on: 'token', kind: 'throttle' })
    const asSet = await reached.send(...exchangeRequest(reached))
    expect([asSet.status, await asSet.text()]).toEqual([200, throttled])
    reached.emulator.clearFaults(id)
    reached.emulator.addFault({ on: 'token', kind: 'throttle', status: 429, language: 'zh' })
    const asTold = await reached.send(...exchangeRequest(reached))
    expect([asTold.status, (await asTold.json()) as unknown]).toEqual([
      429,
      {
        error_description: '您已连续提出过多请求，请稍后再试。',
        error: '拒绝访问',
        status: 'failure',
      },
    ])
    expect(living(reached)).toBe(0)
  })
})
