import { describe, expect, it } from 'vitest'
import { api, authorizationUrl, decide, exchange, refresh, start } from './support.ts'
import {
  userOfSameOrganization,
  userOfNewOrganization,
  requestControl,
  readIdentity,
  connectByConsent,
} from './users.ts'

describe('added users', () => {
  it('are on the consent page below the default user of their data center', async () => {
    const emulator = await start()
    const added = emulator.addUser(userOfNewOrganization)
    for (const at of ['us', 'eu'] as const) {
      const page = await (await fetch(authorizationUrl(emulator, {}, at))).text()
      const radios = [
        ...page.matchAll(/type="radio"\s+name="account"\s+value="([^"]+)"(\s+checked)?/g),
      ]
      expect(radios.map(([, value]) => value)).toEqual(
        at === 'eu'
          ? ['lena.vogel@rheinbogen.example', added.user]
          : [
              'maya.brooks@harborpine.example',
              'lena.vogel@rheinbogen.example',
              added.user,
              'arjun.mehta@saffronbridge.example',
            ],
      )
      expect(radios.findIndex(([, , checked]) => checked)).toBe(0)
      expect(page).toContain('Nils Brandt</b><small>Alster Talente')
    }
    const { accessToken } = await connectByConsent(emulator, 'eu')
    expect(await readIdentity(emulator, accessToken)).toMatchObject({
      organization: 'Rheinbogen Personal',
      name: 'Lena Vogel',
    })
  })

  it('own their tokens at the API, in a new or an existing organization', async () => {
    const emulator = await start()
    const [nilsOfNew, nilsOfSame] = [
      emulator.addUser(userOfNewOrganization),
      emulator.addUser(userOfSameOrganization),
    ]
    const lena = await readIdentity(emulator, (await connectByConsent(emulator, 'eu')).accessToken)
    const tokens = await connectByConsent(emulator, nilsOfNew.user)
    const nils = await readIdentity(emulator, tokens.accessToken)
    expect(nils).toEqual({
      organizationId: nilsOfNew.organizationId,
      organization: 'Alster Talente',
      userId: nilsOfNew.userId,
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
      await readIdentity(emulator, (await connectByConsent(emulator, nilsOfSame.user)).accessToken),
    ).toMatchObject({ organizationId: lena.organizationId, userId: nilsOfSame.userId })
    const everybody = async (accessToken: string) =>
      (await api(emulator, 'users?type=AllUsers', accessToken, 'eu')).body.users.map(
        (one: { email: string }) => one.email,
      )
    expect(await everybody((await connectByConsent(emulator, 'eu')).accessToken)).toEqual([
      'lena.vogel@rheinbogen.example',
      'nils.brandt@rheinbogen.example',
    ])
    expect(await everybody(refreshed)).toEqual([nilsOfNew.user])
  })

  it('do not see records of another organization', async () => {
    const emulator = await start()
    const [outsider, insider] = [
      await connectByConsent(emulator, emulator.addUser(userOfNewOrganization).user),
      await connectByConsent(emulator, emulator.addUser(userOfSameOrganization).user),
    ]
    const [candidate] = (await api(emulator, 'Candidates?per_page=1', insider.accessToken, 'eu'))
      .body.data
    expect((await api(emulator, 'Candidates', outsider.accessToken, 'eu')).status).toBe(204)
    expect((await api(emulator, 'Job_Openings', outsider.accessToken, 'eu')).status).toBe(204)
    expect(
      (await api(emulator, `Candidates/${candidate.id}`, outsider.accessToken, 'eu')).status,
    ).toBe(204)
    expect(
      (await api(emulator, `Candidates/${candidate.id}`, insider.accessToken, 'eu')).status,
    ).toBe(200)
  })

  it('have their own consents, budgets and revocations', async () => {
    const emulator = await start({
      liveRefreshTokens: 1,
      refreshTokenBudget: { limit: 1, windowSeconds: 60 },
    })
    const added = emulator.addUser(userOfSameOrganization)
    // Without `prompt=consent`, only the first consent of a user returns a refresh token.
    const [lena, nils] = [
      await connectByConsent(emulator, 'eu', {}),
      await connectByConsent(emulator, added.user, {}),
    ]
    expect(nils.refreshToken).toMatch(/^1000\./)
    expect((await refresh(emulator, lena.refreshToken, 'eu')).body).toHaveProperty('access_token')
    // The budget allows one new refresh token for each user.
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
    const added = emulator.addUser(userOfNewOrganization)
    await connectByConsent(emulator, added.user)
    expect(
      new Set(emulator.journal().flatMap((entry) => ('user' in entry ? [entry.user] : []))),
    ).toEqual(new Set([added.user]))
    expect(emulator.tokens().refreshTokens.map(({ user }) => user)).toEqual([added.user])
    expect((await requestControl(emulator, 'snapshot')).body.users).toMatchObject([
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
