import { describe, expect, it } from 'vitest'
import { api, authorizationUrl, decide, exchange, refresh, start } from './support.ts'
import { colleague, rival, control, readIdentity, connectByConsent } from './users.ts'

describe('added users', () => {
  it('are on the consent page after the preselected default user', async () => {
    const emulator = await start()
    const added = emulator.addUser(rival)
    for (const at of ['us', 'eu'] as const) {
      const page = await (await fetch(authorizationUrl(emulator, {}, at))).text()
      const values = [
        ...page.matchAll(/type="radio"\s+name="account"\s+value="([^"]+)"(\s+checked)?/g),
      ]
      expect(values.map(([, value]) => value)).toEqual(
        at === 'eu'
          ? ['lena.vogel@rheinbogen.example', added.user]
          : [
              'maya.brooks@harborpine.example',
              'lena.vogel@rheinbogen.example',
              added.user,
              'arjun.mehta@saffronbridge.example',
            ],
      )
      expect(values.findIndex(([, , checked]) => checked)).toBe(0)
      expect(page).toContain('Nils Brandt</b><small>Alster Talente')
    }
    const { accessToken } = await connectByConsent(emulator, 'eu')
    expect(await readIdentity(emulator, accessToken)).toMatchObject({
      organization: 'Rheinbogen Personal',
      name: 'Lena Vogel',
    })
  })

  it('are the users of their tokens at the API, in a new or the same organization', async () => {
    const emulator = await start()
    const [other, same] = [emulator.addUser(rival), emulator.addUser(colleague)]
    const lena = await readIdentity(emulator, (await connectByConsent(emulator, 'eu')).accessToken)
    const tokens = await connectByConsent(emulator, other.user)
    const nils = await readIdentity(emulator, tokens.accessToken)
    expect(nils).toEqual({
      organizationId: other.organizationId,
      organization: 'Alster Talente',
      userId: other.userId,
      name: 'Nils Brandt',
      userCount: 1,
    })
    expect([nils.organizationId === lena.organizationId, nils.userId === lena.userId]).toEqual([
      false,
      false,
    ])
    const refreshed = (await refresh(emulator, tokens.refreshToken, 'eu')).body.access_token
    expect(await readIdentity(emulator, refreshed)).toEqual(nils)
    expect(
      await readIdentity(emulator, (await connectByConsent(emulator, same.user)).accessToken),
    ).toMatchObject({ organizationId: lena.organizationId, userId: same.userId })
    const everybody = async (accessToken: string) =>
      (await api(emulator, 'users?type=AllUsers', accessToken, 'eu')).body.users.map(
        (one: { email: string }) => one.email,
      )
    expect(await everybody((await connectByConsent(emulator, 'eu')).accessToken)).toEqual([
      'lena.vogel@rheinbogen.example',
      'nils.brandt@rheinbogen.example',
    ])
    expect(await everybody(refreshed)).toEqual([other.user])
  })

  it('do not see records of another organization', async () => {
    const emulator = await start()
    const [theirs, ours] = [
      await connectByConsent(emulator, emulator.addUser(rival).user),
      await connectByConsent(emulator, emulator.addUser(colleague).user),
    ]
    const [own] = (await api(emulator, 'Candidates?per_page=1', ours.accessToken, 'eu')).body.data
    expect((await api(emulator, 'Candidates', theirs.accessToken, 'eu')).status).toBe(204)
    expect((await api(emulator, 'Job_Openings', theirs.accessToken, 'eu')).status).toBe(204)
    expect((await api(emulator, `Candidates/${own.id}`, theirs.accessToken, 'eu')).status).toBe(204)
    expect((await api(emulator, `Candidates/${own.id}`, ours.accessToken, 'eu')).status).toBe(200)
  })

  it('have their own consents, budgets and revocations', async () => {
    const emulator = await start({
      liveRefreshTokens: 1,
      refreshTokenBudget: { limit: 1, windowSeconds: 60 },
    })
    const added = emulator.addUser(colleague)
    const [lena, nils] = [
      await connectByConsent(emulator, 'eu', undefined),
      await connectByConsent(emulator, added.user, undefined),
    ]
    expect(nils.refreshToken).toMatch(/^1000\./)
    expect((await refresh(emulator, lena.refreshToken, 'eu')).body).toHaveProperty('access_token')
    expect(
      (
        await exchange(
          emulator,
          (
            await decide(
              emulator,
              { decision: 'approve', account: added.user },
              { prompt: 'consent' },
            )
          ).get('code') ?? '',
          'eu',
        )
      ).status,
    ).toBe(400)
    expect(emulator.journal().filter(({ event }) => event === 'blocked')).toMatchObject([
      { budget: 'refreshTokenBudget', user: added.user },
    ])
    expect(emulator.revokeByUser({ user: added.user })).toMatchObject({ refreshTokens: 1 })
    expect((await refresh(emulator, nils.refreshToken, 'eu')).text).toBe('{"error":"invalid_code"}')
    expect((await refresh(emulator, lena.refreshToken, 'eu')).body).toHaveProperty('access_token')
  })

  it('are named in the journal, the list of tokens and the inspector', async () => {
    const emulator = await start()
    const added = emulator.addUser(rival)
    await connectByConsent(emulator, added.user)
    expect(
      new Set(emulator.journal().flatMap((entry) => ('user' in entry ? [entry.user] : []))),
    ).toEqual(new Set([added.user]))
    expect(emulator.tokens().refreshTokens.map(({ user }) => user)).toEqual([added.user])
    expect((await control(emulator, 'snapshot')).body.users).toMatchObject([
      { user: added.user, name: 'Nils Brandt', organization: 'Alster Talente', dataCenter: 'eu' },
    ])
    const inspector = await (
      await fetch(`${emulator.dataCenters.us.accountsServer}/_emulator/`)
    ).text()
    expect(inspector).toMatch(
      new RegExp(`<li class="issued"[^>]*>(?:(?!</li>).)*<small>${added.user}</small>`),
    )
    expect(inspector).toContain(`name="account" value="${added.user}"`)
  })
})
