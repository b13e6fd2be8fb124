import { describe, expect, it } from 'vitest'
import { configure } from '../../src/config/configure.ts'
import { createRepository } from '../../src/store/repository.ts'
import {
  errorCodeOf,
  connect,
  grant,
  startSetup,
  key,
  minute,
  pause,
  second,
  tally,
  times,
  tokens,
  type Setup,
} from './setup.ts'

/** A process that took the lease and died: its `fetch` never ends, and its clock stands still. */
const startDeadHolder = async ({ client }: Setup): Promise<void> => {
  const dead = client({ fetch: () => new Promise(() => {}), monotonic: () => 0 })
  void errorCodeOf(dead.connection('acme').accessToken())
  await pause(30)
}

describe('a lease holder that died', () => {
  // The test advances the clock by 9 s. A caller that is using the store at that moment exceeds its
  // time limit and gets an error. Then the test is repeated.
  it('delays the others, but causes no error', { retry: 2 }, async () => {
    const setup = await startSetup()
    await connect(setup)
    setup.time.advance(2 * 60 * minute)
    await startDeadHolder(setup)
    const processes = times(3, () => setup.client())
    const all = Promise.all(
      times(60, (index) =>
        errorCodeOf(
          (processes[index % 3] as ReturnType<Setup['client']>).connection('acme').accessToken(),
        ),
      ),
    )
    await pause(100)
    expect(setup.tokenCalls().length).toBe(0)
    setup.time.advance(9 * second)
    expect(tally(await all)).toEqual({ ok: 60 })
    expect(setup.tokenCalls().length).toBe(1)
  })
})

/** Delays the response to a refresh until `meanwhile` has changed the record. */
const refreshDuring = async (
  meanwhile: (setup: Setup) => Promise<unknown>,
  encryptionKeys = [key],
) => {
  const setup = await startSetup()
  await connect(setup)
  setup.time.advance(2 * 60 * minute)
  let respondNow = () => {}
  const held = new Promise<void>((resolve) => (respondNow = resolve))
  setup.script.token = async (response, request) => {
    if (request.form.get('grant_type') === 'refresh_token') await held
    await (request.form.get('grant_type') === 'refresh_token' ? tokens() : grant())(
      response,
      request,
    )
  }
  const served = setup.client({ encryptionKeys }).connection('acme').accessToken()
  const outcome = errorCodeOf(served)
  await expect.poll(() => setup.tokenCalls().length).toBe(1)
  await meanwhile(setup)
  respondNow()
  return { setup, outcome: await outcome, token: await served.catch(() => undefined) }
}

describe('during a refresh', () => {
  const newKey = Buffer.alloc(32, 9).toString('base64')
  const sealWithNewKey = (setup: Setup) =>
    createRepository(
      configure(
        setup.options({ encryptionKeys: [newKey, ...(setup.options().encryptionKeys ?? [])] }),
      ),
    ).apply('acme', { type: 'reencryptionRequested' })

  it('a row that is sealed again with another known key gets the new token', async () => {
    const { setup, outcome, token } = await refreshDuring(sealWithNewKey, [key, newKey])
    expect(outcome).toBe('ok')
    expect(
      await setup
        .client({ encryptionKeys: [newKey, key] })
        .connection('acme')
        .accessToken(),
    ).toBe(token)
    expect(setup.tokenCalls().length).toBe(1)
  })

  it('a row sealed with a key unknown to the holder is kept, and callers are served', async () => {
    const { setup, outcome } = await refreshDuring(sealWithNewKey)
    expect(outcome).toBe('ok')
    expect(setup.events.map(({ type }) => type)).toContain('save-failed')
    const status = await setup
      .client({ encryptionKeys: [newKey] })
      .connection('acme')
      .status()
    expect(status.status).toBe('active')
    setup.time.advance(9 * second)
    expect(
      await errorCodeOf(
        setup
          .client({ encryptionKeys: [newKey, key] })
          .connection('acme')
          .accessToken(),
      ),
    ).toBe('ok')
  })

  it('a new consent wins, and its token is served', async () => {
    const { setup, outcome, token } = await refreshDuring(({ client }) =>
      client().connection('acme').exchangeSelfClientCode('1000.second', { principal: 'bob' }),
    )
    expect(outcome).toBe('ok')
    const acme = setup.client().connection('acme')
    expect(await acme.status()).toMatchObject({ status: 'active', principal: 'bob' })
    expect(await acme.accessToken()).toBe(token)
    const [refresh, exchange] = setup.tokenCalls()
    expect([
      refresh?.form.get('grant_type'),
      exchange?.form.get('grant_type'),
      setup.tokenCalls().length,
    ]).toEqual(['refresh_token', 'authorization_code', 2])
  })

  it('a revocation wins, and no caller gets a token', async () => {
    const { setup, outcome } = await refreshDuring(({ client }) =>
      client().connection('acme').revoke(),
    )
    expect(outcome).toBe('connection-revoked')
    expect((await setup.client().connection('acme').status()).status).toBe('revoked')
  })

  it('a revocation that Zoho did not confirm wins as well', async () => {
    const { setup, outcome } = await refreshDuring(async ({ client, script }) => {
      script.revoke = (response) => response.writeHead(503).end()
      expect(await errorCodeOf(client().connection('acme').revoke())).toBe('revocation-failed')
    })
    expect(outcome).toBe('connection-revoked')
    expect((await setup.client().connection('acme').status()).status).toBe('revoking')
  })
})

it('a connection that is forgotten during a refresh stays forgotten', async () => {
  const { setup, outcome } = await refreshDuring(({ client }) =>
    client().connection('acme').forget(),
  )
  expect(outcome).toBe('not-connected')
  expect((await setup.client().connection('acme').status()).status).toBe('none')
})
