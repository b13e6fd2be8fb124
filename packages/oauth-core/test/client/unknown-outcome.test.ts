import { describe, expect, it } from 'vitest'
import { RecruitOAuthError, type ConnectionStore, type SealedRecord } from '../../src/index.ts'
import {
  errorCodeOf,
  connect,
  grant,
  startSetup,
  minute,
  recordOf,
  refusal,
  startConsent,
  revocationRequests,
  second,
  until,
} from './setup.ts'

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
  const setup = await startSetup({ store: wrap })
  return { ...setup, ...stalling }
}

const isActive = (next: SealedRecord | undefined) => next?.status === 'active'
const errorOf = (work: Promise<unknown>): Promise<RecruitOAuthError | undefined> =>
  work.then(
    () => undefined,
    (error: RecruitOAuthError) => error,
  )

describe('a consent whose commit is stalled while reads go on', () => {
  it('G3: is reported as unknown, not undone, and works when the commit arrives', async () => {
    const setup = await startStalling()
    setup.script.token = grant()
    const browser = await startConsent(setup.options())
    setup.choose.stalls = isActive
    const error = await errorOf(browser.complete())
    expect([error?.code, error?.remedy]).toEqual(['grant-outcome-unknown', 'ask-consent'])
    expect(revocationRequests(setup)).toEqual([])
    expect((await setup.client().connection('acme').status()).status).toBe('none')
    await setup.release()
    const acme = setup.client().connection('acme')
    expect((await acme.status()).status).toBe('active')
    // The served token is the granted one, and it was never revoked.
    expect(await errorCodeOf(acme.fetch('Candidates'))).toBe('ok')
    await setup.client().recover()
    expect((await acme.status()).status).toBe('active')
    expect(revocationRequests(setup)).toEqual([])
  })

  it('G3: counts its refresh token once, before and after recovery', async () => {
    for (const recoverFirst of [true, false]) {
      const setup = await startStalling()
      setup.script.token = grant()
      setup.choose.stalls = isActive
      expect((await errorOf((await startConsent(setup.options())).complete()))?.code).toBe(
        'grant-outcome-unknown',
      )
      setup.time.advance(21 * second)
      if (!recoverFirst) await setup.release()
      await setup.client().recover()
      if (recoverFirst) await setup.release()
      // The process that has the grant stores it in any case: its attempt was closed as lost, not
      // as refused.
      await until(async () => (await recordOf(setup)).status === 'active')
      expect((await recordOf(setup)).refreshTokens).toBe(1)
    }
  })

  it('G3: leaves an existing connection unchanged, then replaces it', async () => {
    const setup = await startStalling()
    await connect(setup)
    const before = await setup.client().connection('acme').accessToken()
    setup.script.token = grant()
    setup.choose.stalls = (next) => isActive(next) && !next?.pending
    expect((await errorOf((await startConsent(setup.options())).complete()))?.code).toBe(
      'grant-outcome-unknown',
    )
    expect(await setup.client().connection('acme').accessToken()).toBe(before)
    await setup.release()
    expect(await setup.client().connection('acme').accessToken()).not.toBe(before)
    expect(revocationRequests(setup)).toEqual([])
  })

  it('G3: stays unknown if a later try is refused: the first write may still arrive', async () => {
    const setup = await startStalling()
    setup.script.token = grant()
    let tries = 0
    const store = setup.options().store as ConnectionStore
    const { write } = store
    const storeThatRefuses: ConnectionStore = {
      ...store,
      write: async (id, next, expected) => {
        if (!isActive(next) || (tries += 1) === 1) return write(id, next, expected)
        throw new RecruitOAuthError('store-unavailable', { written: 'no' })
      },
    }
    setup.choose.stalls = isActive
    const browser = await startConsent(setup.options({ store: storeThatRefuses }))
    expect((await errorOf(browser.complete()))?.code).toBe('grant-outcome-unknown')
    expect(revocationRequests(setup)).toEqual([])
    await setup.release()
    expect((await setup.client().connection('acme').status()).status).toBe('active')
  })

  it('G3: is revoked at Zoho if the connection was revoked before its commit arrives', async () => {
    const setup = await startStalling()
    setup.script.token = grant({ refresh_token: '1000.refresh.of.a.stalled.commit' })
    const browser = await startConsent(setup.options())
    setup.choose.stalls = isActive
    expect((await errorOf(browser.complete()))?.code).toBe('grant-outcome-unknown')
    setup.choose.stalls = () => false
    setup.script.token = refusal('invalid_code')
    await setup.client().connection('acme').revoke()
    await setup.release()
    // The process stores the refresh token for its revocation instead of the grant.
    await until(() => revocationRequests(setup).length > 0)
    expect(revocationRequests(setup).map(({ form }) => form.get('token'))).toContain(
      '1000.refresh.of.a.stalled.commit',
    )
    await until(async () => (await recordOf(setup)).abandoned === undefined)
    expect((await setup.client().connection('acme').status()).status).not.toBe('active')
  })
})

describe('while its commit is stalled,', () => {
  it('G3: a revocation is not reported as done, and holds once its commit arrives', async () => {
    const setup = await startStalling()
    await connect(setup)
    setup.choose.stalls = (next) => next?.status === 'revoking'
    const error = await errorOf(setup.client().connection('acme').revoke())
    expect([error?.code, error?.written, error?.remedy]).toEqual([
      'store-unavailable',
      'unknown',
      'retry',
    ])
    expect(revocationRequests(setup)).toEqual([])
    await setup.release()
    expect(await errorCodeOf(setup.client().connection('acme').accessToken())).toBe(
      'connection-revoked',
    )
    await setup.client().recover()
    expect((await setup.client().connection('acme').status()).status).toBe('revoked')
  })

  it('G3: an attempt sends no code, and its callback cannot be used after the commit', async () => {
    const setup = await startStalling()
    setup.script.token = grant()
    const browser = await startConsent(setup.options())
    setup.choose.stalls = (next) => next?.pending === true
    const error = await errorOf(browser.complete())
    expect([error?.code, error?.written, setup.tokenCalls().length]).toEqual([
      'store-unavailable',
      'unknown',
      0,
    ])
    await setup.release()
    expect([await errorCodeOf(browser.complete()), setup.tokenCalls().length]).toEqual([
      'callback-replayed',
      0,
    ])
    setup.time.advance(minute)
    await setup.client().recover()
    expect(await errorCodeOf((await startConsent(setup.options())).complete())).toBe('ok')
  })
})
