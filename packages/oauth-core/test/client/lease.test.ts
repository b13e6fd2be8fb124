import { describe, expect, it } from 'vitest'
import { configure } from '../../src/config/configure.ts'
import { createRepository } from '../../src/store/repository.ts'
import {
  codeOf,
  connect,
  grant,
  house,
  key,
  minute,
  pause,
  second,
  tally,
  times,
  tokens,
  type House,
} from './house.ts'

/** A process that took the lease and died: its `fetch` never ends, and it never wakes. */
const deadHolder = async ({ client }: House): Promise<void> => {
  const dead = client({ fetch: () => new Promise(() => {}), monotonic: () => 0 })
  void codeOf(dead.connection('acme').accessToken())
  await pause(30)
}

describe('a holder that died', () => {
  // Time that is pushed while one of them stores something takes its two seconds away: then it is
  // tried again.
  it('costs the others time, and no error', { retry: 2 }, async () => {
    const home = await house()
    await connect(home)
    home.time.push(2 * 60 * minute)
    await deadHolder(home)
    const processes = times(3, () => home.client())
    const all = Promise.all(
      times(60, (index) =>
        codeOf(
          (processes[index % 3] as ReturnType<House['client']>).connection('acme').accessToken(),
        ),
      ),
    )
    await pause(100)
    expect(home.tokenCalls().length).toBe(0)
    home.time.push(9 * second)
    expect(tally(await all)).toEqual({ ok: 60 })
    expect(home.tokenCalls().length).toBe(1)
  })
})

/** A refresh that is held while `meanwhile` happens to the record, and then answered. */
const during = async (meanwhile: (home: House) => Promise<unknown>, encryptionKeys = [key]) => {
  const home = await house()
  await connect(home)
  home.time.push(2 * 60 * minute)
  let answerNow = () => {}
  const held = new Promise<void>((resolve) => (answerNow = resolve))
  home.script.token = async (response, request) => {
    if (request.form.get('grant_type') === 'refresh_token') await held
    await (request.form.get('grant_type') === 'refresh_token' ? tokens() : grant())(
      response,
      request,
    )
  }
  const asked = home.client({ encryptionKeys }).connection('acme').accessToken()
  const code = codeOf(asked)
  await expect.poll(() => home.tokenCalls().length).toBe(1)
  await meanwhile(home)
  answerNow()
  return { home, code: await code, token: await asked.catch(() => undefined) }
}

describe('in the middle of a refresh', () => {
  const newKey = Buffer.alloc(32, 9).toString('base64')
  const resealed = (home: House) =>
    createRepository(
      configure(
        home.options({ encryptionKeys: [newKey, ...(home.options().encryptionKeys ?? [])] }),
      ),
    ).apply('acme', { type: 'reencryptionRequested' })

  it('a row that was sealed again under another key loses nothing', async () => {
    const { home, code, token } = await during(resealed, [key, newKey])
    expect(code).toBe('ok')
    expect(
      await home
        .client({ encryptionKeys: [newKey, key] })
        .connection('acme')
        .accessToken(),
    ).toBe(token)
    expect(home.tokenCalls().length).toBe(1)
  })

  it('a row that was sealed under a key that the holder lacks stays as it is, and the callers get their token', async () => {
    const { home, code } = await during(resealed)
    expect(code).toBe('ok')
    expect(home.events.map(({ type }) => type)).toContain('save-failed')
    home.time.push(9 * second)
    expect(
      await codeOf(
        home
          .client({ encryptionKeys: [newKey, key] })
          .connection('acme')
          .accessToken(),
      ),
    ).toBe('ok')
  })

  it('a new consent wins, and its token is handed out', async () => {
    const { home, code, token } = await during(({ client }) =>
      client().connection('acme').exchangeSelfClientCode('1000.second', { principal: 'bob' }),
    )
    expect(code).toBe('ok')
    const acme = home.client().connection('acme')
    expect(await acme.status()).toMatchObject({ status: 'active', principal: 'bob' })
    expect(await acme.accessToken()).toBe(token)
    const [refresh, exchange] = home.tokenCalls()
    expect([
      refresh?.form.get('grant_type'),
      exchange?.form.get('grant_type'),
      home.tokenCalls().length,
    ]).toEqual(['refresh_token', 'authorization_code', 2])
  })

  it('a revocation wins, and nobody gets a token', async () => {
    const { home, code } = await during(({ client }) => client().connection('acme').revoke())
    expect(code).toBe('connection-revoked')
    expect((await home.client().connection('acme').status()).status).toBe('revoked')
  })

  it('a revocation that Zoho did not confirm wins, too', async () => {
    const { home, code } = await during(async ({ client, script }) => {
      script.revoke = (response) => response.writeHead(503).end()
      expect(await codeOf(client().connection('acme').revoke())).toBe('revocation-failed')
    })
    expect(code).toBe('connection-revoked')
    expect((await home.client().connection('acme').status()).status).toBe('revoking')
  })
})

it('what was forgotten in the middle of a refresh stays forgotten', async () => {
  const { home, code } = await during(({ client }) => client().connection('acme').forget())
  expect(code).toBe('not-connected')
  expect((await home.client().connection('acme').status()).status).toBe('none')
})
