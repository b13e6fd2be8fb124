import { describe, expect, it } from 'vitest'
import { json, silence } from '../endpoints/server.ts'
import { errorCodeOf, connect, startSetup, until } from './setup.ts'

describe('G9: an abort by the caller rejects with the reason of the caller', () => {
  const reason = new Error('mine')
  it('before any request', async () => {
    const setup = await startSetup()
    await connect(setup)
    setup.time.advance(61 * 60_000)
    await expect(
      setup
        .client()
        .connection('acme')
        .fetch('org', { signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason)
    expect(setup.server.received).toEqual([])
  })

  it('while a refresh is under way, which continues', async () => {
    const setup = await startSetup()
    await connect(setup)
    setup.time.advance(61 * 60_000)
    let respondNow = () => {}
    const reply = setup.script.token
    setup.script.token = async (response, request) => {
      await new Promise<void>((resolve) => (respondNow = resolve))
      await reply(response, request)
    }
    const controller = new AbortController()
    const acme = setup.client().connection('acme')
    const call = acme.fetch('org', { signal: controller.signal })
    const other = acme.accessToken()
    await until(() => setup.tokenCalls().length === 1)
    controller.abort(reason)
    await expect(call).rejects.toBe(reason)
    respondNow()
    expect(await errorCodeOf(other)).toBe('ok')
    expect(setup.tokenCalls().length).toBe(1)
  })

  it('while the API has not answered', async () => {
    const setup = await startSetup()
    await connect(setup)
    setup.script.api = silence
    const controller = new AbortController()
    const call = setup.client().connection('acme').fetch('org', { signal: controller.signal })
    await until(() => setup.server.received.length === 1)
    controller.abort(reason)
    await expect(call).rejects.toBe(reason)
  })

  it('while the body of a 401 is read', async () => {
    const setup = await startSetup()
    await connect(setup)
    let hasBegun = false
    setup.script.api = (response) => {
      response.writeHead(401, { 'content-length': 100 })
      response.write('{"code":')
      hasBegun = true
    }
    const controller = new AbortController()
    const call = setup.client().connection('acme').fetch('org', { signal: controller.signal })
    await until(() => hasBegun)
    await new Promise((resolve) => setTimeout(resolve, 20))
    controller.abort(reason)
    await expect(call).rejects.toBe(reason)
  })

  it('while a new token is requested', async () => {
    const setup = await startSetup()
    await connect(setup)
    setup.script.api = json({ code: 'INVALID_TOKEN' }, 401)
    setup.script.token = silence
    const controller = new AbortController()
    const call = setup.client().connection('acme').fetch('org', { signal: controller.signal })
    await until(() => setup.tokenCalls().length === 1)
    controller.abort(reason)
    await expect(call).rejects.toBe(reason)
  })

  it('even if the reason is not an error', async () => {
    const setup = await startSetup()
    await connect(setup)
    for (const value of ['a text', null, 7, Symbol('x')]) {
      const call = setup
        .client()
        .connection('acme')
        .fetch('org', { signal: AbortSignal.abort(value) })
      expect(
        await call.then(
          () => 'ok',
          (error: unknown) => ({ error }),
        ),
      ).toEqual({ error: value })
    }
  })
})
