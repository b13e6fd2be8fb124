import { describe, expect, it } from 'vitest'
import { RecruitOAuthError, type ConnectionStore, type SealedRecord } from '../../src/index.ts'
import {
  codeOf,
  connect,
  grant,
  house,
  minute,
  recordOf,
  refusal,
  returning,
  revocationRequests,
  second,
  until,
} from './house.ts'

/**
 * A store that commits late: chosen writes leave the caller waiting, and `release()` applies them
 * if they still fit. Reads meanwhile see the old row, as in PostgreSQL while a commit is stalled.
 */
const stallingStore = () => {
  const stalled: (() => Promise<void>)[] = []
  const choose: { stalls: (next: SealedRecord | undefined) => boolean } = { stalls: () => false }
  const wrap = (inner: ConnectionStore): ConnectionStore => ({
    read: (id) => inner.read(id),
    list: (query) => inner.list(query),
    write(id, next, expected) {
      if (!choose.stalls(next)) return inner.write(id, next, expected)
      return new Promise((resolve, reject) => {
        stalled.push(() => inner.write(id, next, expected).then(resolve, reject))
      })
    },
  })
  /** Applies the stalled writes in their order. */
  const release = async () => {
    choose.stalls = () => false
    for (const commit of stalled.splice(0)) await commit()
  }
  return { wrap, choose, release, stalled }
}

const startStalling = async () => {
  const { wrap, ...stalling } = stallingStore()
  const home = await house({ store: wrap })
  return { ...home, ...stalling }
}

const isActive = (next: SealedRecord | undefined) => next?.status === 'active'
const errorOf = (work: Promise<unknown>): Promise<RecruitOAuthError | undefined> =>
  work.then(
    () => undefined,
    (error: RecruitOAuthError) => error,
  )

describe('a consent whose commit is stalled while reads go on', () => {
  it('G3: is reported as unknown, not undone, and works when the commit arrives', async () => {
    const home = await startStalling()
    home.script.token = grant()
    const browser = await returning(home.options())
    home.choose.stalls = isActive
    const error = await errorOf(browser.complete())
    expect([error?.code, error?.remedy]).toEqual(['grant-outcome-unknown', 'ask-consent'])
    expect(revocationRequests(home)).toEqual([])
    expect((await home.client().connection('acme').status()).status).toBe('none')
    await home.release()
    const acme = home.client().connection('acme')
    expect((await acme.status()).status).toBe('active')
    // The served token is the granted one, and it was never revoked.
    expect(await codeOf(acme.fetch('Candidates'))).toBe('ok')
    await home.client().recover()
    expect((await acme.status()).status).toBe('active')
    expect(revocationRequests(home)).toEqual([])
  })

  it('G3: counts its refresh token once, before and after recovery', async () => {
    for (const recoverFirst of [true, false]) {
      const home = await startStalling()
      home.script.token = grant()
      home.choose.stalls = isActive
      expect((await errorOf((await returning(home.options())).complete()))?.code).toBe(
        'grant-outcome-unknown',
      )
      home.time.push(21 * second)
      if (!recoverFirst) await home.release()
      await home.client().recover()
      if (recoverFirst) await home.release()
      // The process that has the grant stores it in any case: its attempt was closed as lost, not
      // as refused.
      await until(async () => (await recordOf(home)).status === 'active')
      expect((await recordOf(home)).refreshTokens).toBe(1)
    }
  })

  it('G3: leaves an existing connection unchanged, then replaces it', async () => {
    const home = await startStalling()
    await connect(home)
    const before = await home.client().connection('acme').accessToken()
    home.script.token = grant()
    home.choose.stalls = (next) => isActive(next) && !next?.pending
    expect((await errorOf((await returning(home.options())).complete()))?.code).toBe(
      'grant-outcome-unknown',
    )
    expect(await home.client().connection('acme').accessToken()).toBe(before)
    await home.release()
    expect(await home.client().connection('acme').accessToken()).not.toBe(before)
    expect(revocationRequests(home)).toEqual([])
  })

  it('G3: stays unknown if a later try is refused: the first write may still arrive', async () => {
    const home = await startStalling()
    home.script.token = grant()
    let tries = 0
    const store = home.options().store as ConnectionStore
    const { write } = store
    const full: ConnectionStore = {
      ...store,
      write: async (id, next, expected) => {
        if (!isActive(next) || (tries += 1) === 1) return write(id, next, expected)
        throw new RecruitOAuthError('store-unavailable', { written: 'no' })
      },
    }
    home.choose.stalls = isActive
    const browser = await returning(home.options({ store: full }))
    expect((await errorOf(browser.complete()))?.code).toBe('grant-outcome-unknown')
    expect(revocationRequests(home)).toEqual([])
    await home.release()
    expect((await home.client().connection('acme').status()).status).toBe('active')
  })

  it('G3: is revoked at Zoho if the connection was revoked before its commit arrives', async () => {
    const home = await startStalling()
    home.script.token = grant({ refresh_token: '1000.refresh.of.a.stalled.commit' })
    const browser = await returning(home.options())
    home.choose.stalls = isActive
    expect((await errorOf(browser.complete()))?.code).toBe('grant-outcome-unknown')
    home.choose.stalls = () => false
    home.script.token = refusal('invalid_code')
    await home.client().connection('acme').revoke()
    await home.release()
    // The process stores the refresh token for its revocation instead of the grant.
    await until(() => revocationRequests(home).length > 0)
    expect(revocationRequests(home).map(({ form }) => form.get('token'))).toContain(
      '1000.refresh.of.a.stalled.commit',
    )
    await until(async () => (await recordOf(home)).abandoned === undefined)
    expect((await home.client().connection('acme').status()).status).not.toBe('active')
  })
})

describe('another write whose commit is stalled', () => {
  it('G3: a revocation is not reported as done, and holds once its commit arrives', async () => {
    const home = await startStalling()
    await connect(home)
    home.choose.stalls = (next) => next?.status === 'revoking'
    const error = await errorOf(home.client().connection('acme').revoke())
    expect([error?.code, error?.written, error?.remedy]).toEqual([
      'store-unavailable',
      'unknown',
      'retry',
    ])
    expect(revocationRequests(home)).toEqual([])
    await home.release()
    expect(await codeOf(home.client().connection('acme').accessToken())).toBe('connection-revoked')
    await home.client().recover()
    expect((await home.client().connection('acme').status()).status).toBe('revoked')
  })

  it('G3: an attempt sends no code, and its callback cannot be used after the commit', async () => {
    const home = await startStalling()
    home.script.token = grant()
    const browser = await returning(home.options())
    home.choose.stalls = (next) => next?.pending === true
    const error = await errorOf(browser.complete())
    expect([error?.code, error?.written, home.tokenCalls().length]).toEqual([
      'store-unavailable',
      'unknown',
      0,
    ])
    await home.release()
    expect([await codeOf(browser.complete()), home.tokenCalls().length]).toEqual([
      'callback-replayed',
      0,
    ])
    home.time.push(minute)
    await home.client().recover()
    expect(await codeOf((await returning(home.options())).complete())).toBe('ok')
  })
})
