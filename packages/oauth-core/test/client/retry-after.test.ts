import { describe, expect, it } from 'vitest'
import { respond } from '../endpoints/server.ts'
import { errorOf, startConnected } from './connected.ts'
import { minute, second, startConsent, startSetup, tokens } from './setup.ts'

describe('Retry-After of a 503', () => {
  const unavailable = (retryAfter: string) => respond('', 503, { 'retry-after': retryAfter })

  it('is waited for if the time budget allows it', async () => {
    const { script, time, acme, tokenCalls } = await startConnected()
    time.advance(61 * minute)
    const sentAt: number[] = []
    script.token = (response, request) => {
      sentAt.push(performance.now())
      return (sentAt.length === 1 ? unavailable('2') : tokens())(response, request)
    }
    await acme.accessToken()
    expect(tokenCalls().length).toBe(2)
    expect((sentAt[1] as number) - (sentAt[0] as number)).toBeGreaterThanOrEqual(2 * second - 20)
  })

  it('is reported in `retryAt` if it is longer, and no process calls Zoho before', async () => {
    const { script, time, acme, client, tokenCalls } = await startConnected()
    time.advance(61 * minute)
    script.token = unavailable('90')
    const before = time.now()
    const error = await errorOf(acme.accessToken())
    expect([error.code, tokenCalls().length]).toEqual(['accounts-server-unavailable', 1])
    expect((error.retryAt as number) - before).toBeGreaterThanOrEqual(90 * second)
    time.advance(80 * second)
    expect((await errorOf(client().connection('acme').accessToken())).retryAt).toBe(error.retryAt)
    expect(tokenCalls().length).toBe(1)
    time.advance(11 * second)
    script.token = tokens()
    await client().connection('acme').accessToken()
    expect(tokenCalls().length).toBe(2)
  })

  it('is in `retryAt` of an exchange, whose code is not sent again', async () => {
    const setup = await startSetup()
    setup.script.token = unavailable('30')
    const before = setup.time.now()
    const error = await errorOf((await startConsent(setup.options())).complete())
    expect([error.code, setup.tokenCalls().length]).toEqual(['exchange-outcome-unknown', 1])
    expect((error.retryAt as number) - before).toBeGreaterThanOrEqual(30 * second)
  })
})
