import { describe, expect, it } from 'vitest'
import { isRecruitOAuthError } from '../../src/index.ts'
import { connect, startSetup } from './setup.ts'
import { argumentCases } from './hostile-arguments.ts'

const expectedCodes = [
  'argument-invalid',
  'data-center-unknown',
  'not-connected',
  'code-rejected',
  'refresh-token-missing',
]

const outcomeOf = async (work: () => unknown): Promise<unknown> => {
  try {
    return { value: await work() }
  } catch (error) {
    return { error }
  }
}

describe('G9: every public method answers hostile arguments with an error of the library', () => {
  it.each(Object.entries(argumentCases))('%s', async (title, [call, values]) => {
    const setup = await startSetup()
    await connect(setup)
    const zoho = setup.client()
    let failures = 0
    for (const [index, value] of values.entries()) {
      const outcome = (await outcomeOf(() =>
        call(zoho, zoho.connection('acme'), value as never),
      )) as { error?: unknown }
      if (!('error' in outcome)) continue
      failures += 1
      const { error } = outcome
      if (!isRecruitOAuthError(error))
        expect.fail(`value ${index}: ${String((error as Error)?.stack ?? error)}`)
      expect([index, error.code]).toEqual([
        index,
        expect.stringMatching(new RegExp(`^(${expectedCodes.join('|')})$`)),
      ])
      expect(`${error.message} ${JSON.stringify(error)}`).not.toContain('canary')
    }
    if (title !== 'errorResponse(error)' && title !== 'runtime.waitUntil')
      expect(failures).toBeGreaterThan(0)
  })

  it('names the invalid argument and does not quote it', async () => {
    const setup = await startSetup()
    await connect(setup)
    const acme = setup.client().connection('acme')
    const messageOf = async (work: Promise<unknown>) =>
      work.then(
        () => 'ok',
        (error: Error) => error.message,
      )
    expect(await messageOf(acme.fetch('org', { method: 'CANARY METHOD' }))).toContain(
      '`init.method`',
    )
    expect(await messageOf(acme.fetch('org', { headers: { 'canary name': 'x' } }))).toContain(
      '`init.headers`',
    )
    expect(await messageOf(acme.fetch('org', { body: 'canary' }))).toContain('`init.body`')
    expect(await messageOf(acme.fetch('org', { signal: 7 as never }))).toContain('`init.signal`')
    expect(await messageOf(acme.fetch('org', null as never))).toContain('`init`')
    expect(setup.server.received).toEqual([])
  })

  it('accepts a stream without `duplex`, and the other options of `fetch`', async () => {
    const setup = await startSetup()
    await connect(setup)
    const acme = setup.client().connection('acme')
    const body = new Response('the body').body as ReadableStream
    expect((await acme.fetch('org', { method: 'POST', body })).status).toBe(200)
    expect(
      (
        await acme.fetch('org', {
          method: 'PATCH',
          body: new URLSearchParams({ a: '1' }),
          cache: 'no-store',
          keepalive: false,
          signal: null,
        })
      ).status,
    ).toBe(200)
    expect(setup.server.received.map(({ method, body: sent }) => `${method} ${sent}`)).toEqual([
      'POST the body',
      'PATCH a=1',
    ])
  })
})
