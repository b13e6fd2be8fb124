import { describe, expect, it } from 'vitest'
import { createEmulator } from '../src/index.ts'
import { api, authorizationUrl, decide, exchange, refresh, start, token } from './support.ts'

type Started = Awaited<ReturnType<typeof start>>

const scope = 'ZohoRecruit.modules.ALL,ZohoRecruit.org.READ,ZohoRecruit.users.READ'
const colleague = { dataCenter: 'eu', firstName: 'Nils', lastName: 'Brandt' } as const
const rival = { ...colleague, organization: 'Alster Talente' } as const

async function control(emulator: Started, path: string, body?: unknown, at: 'us' | 'eu' = 'eu') {
  const answer = await fetch(
    `${emulator.dataCenters[at].accountsServer}/_emulator/${path}`,
    body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
  )
  return { status: answer.status, body: await answer.json() }
}

/** The user of an access token, according to the API. */
async function identity(emulator: Started, accessToken: string) {
  const [org, users] = [
    await api(emulator, 'org', accessToken, 'eu'),
    await api(emulator, 'users?type=CurrentUser', accessToken, 'eu'),
  ]
  return {
    organizationId: org.body.org[0].zgid,
    organization: org.body.org[0].company_name,
    userId: users.body.users[0].id,
    name: users.body.users[0].full_name,
    found: users.body.users.length,
  }
}

async function consentOf(
  emulator: Started,
  account: string,
  prompt: 'consent' | undefined = 'consent',
) {
  const { body } = await exchange(
    emulator,
    (await decide(emulator, { decision: 'approve', account }, { scope, prompt })).get('code') ?? '',
    'eu',
  )
  return { accessToken: body.access_token as string, refreshToken: body.refresh_token as string }
}

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
    const { accessToken } = await consentOf(emulator, 'eu')
    expect(await identity(emulator, accessToken)).toMatchObject({
      organization: 'Rheinbogen Personal',
      name: 'Lena Vogel',
    })
  })

  it('are the users of their tokens at the API, in a new or the same organization', async () => {
    const emulator = await start()
    const [other, same] = [emulator.addUser(rival), emulator.addUser(colleague)]
    const lena = await identity(emulator, (await consentOf(emulator, 'eu')).accessToken)
    const tokens = await consentOf(emulator, other.user)
    const nils = await identity(emulator, tokens.accessToken)
    expect(nils).toEqual({
      organizationId: other.organizationId,
      organization: 'Alster Talente',
      userId: other.userId,
      name: 'Nils Brandt',
      found: 1,
    })
    expect([nils.organizationId === lena.organizationId, nils.userId === lena.userId]).toEqual([
      false,
      false,
    ])
    const refreshed = (await refresh(emulator, tokens.refreshToken, 'eu')).body.access_token
    expect(await identity(emulator, refreshed)).toEqual(nils)
    expect(
      await identity(emulator, (await consentOf(emulator, same.user)).accessToken),
    ).toMatchObject({ organizationId: lena.organizationId, userId: same.userId })
    const everybody = async (accessToken: string) =>
      (await api(emulator, 'users?type=AllUsers', accessToken, 'eu')).body.users.map(
        (one: { email: string }) => one.email,
      )
    expect(await everybody((await consentOf(emulator, 'eu')).accessToken)).toEqual([
      'lena.vogel@rheinbogen.example',
      'nils.brandt@rheinbogen.example',
    ])
    expect(await everybody(refreshed)).toEqual([other.user])
  })

  it('do not see records of another organization', async () => {
    const emulator = await start()
    const [theirs, ours] = [
      await consentOf(emulator, emulator.addUser(rival).user),
      await consentOf(emulator, emulator.addUser(colleague).user),
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
      await consentOf(emulator, 'eu', undefined),
      await consentOf(emulator, added.user, undefined),
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
    await consentOf(emulator, added.user)
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

describe('the endpoint', () => {
  it('adds a user at the called data center or a named one, and lists all users', async () => {
    const emulator = await start()
    const added = (await control(emulator, 'users', { firstName: 'Nils', lastName: 'Brandt' })).body
    expect(added).toEqual({
      dataCenter: 'eu',
      user: 'nils.brandt@rheinbogen.example',
      userId: expect.stringMatching(/^\d+$/),
      name: 'Nils Brandt',
      organization: 'Rheinbogen Personal',
      organizationId: expect.stringMatching(/^\d+$/),
    })
    await control(emulator, 'users', { ...rival, dataCenter: 'us' })
    expect(
      (await control(emulator, 'users')).body.map(
        (one: { dataCenter: string; user: string }) => `${one.dataCenter} ${one.user}`,
      ),
    ).toEqual([
      'us maya.brooks@harborpine.example',
      'us nils.brandt@organization-2.example',
      'eu lena.vogel@rheinbogen.example',
      'eu nils.brandt@rheinbogen.example',
      'in arjun.mehta@saffronbridge.example',
    ])
    await control(emulator, 'reset', {})
    expect((await control(emulator, 'users')).body).toHaveLength(3)
    expect(emulator.addUser(colleague)).toEqual(added)
  })

  it('issues Self Client codes for a named user', async () => {
    const emulator = await start()
    const { user, name } = emulator.addUser(rival)
    const granted = await control(emulator, 'codes', { scope, user })
    const { body } = await token(
      emulator,
      { grant_type: 'authorization_code', code: granted.body.code },
      'eu',
    )
    expect(await identity(emulator, body.access_token)).toMatchObject({
      name,
      organization: 'Alster Talente',
    })
    expect(await control(emulator, 'codes', { scope, user }, 'us')).toEqual({
      status: 400,
      body: { error: `user: no user "${user}": use one of maya.brooks@harborpine.example.` },
    })
    expect(() =>
      createEmulator().issueSelfClientCode({ scope, dataCenter: 'eu', user: 'x' }),
    ).toThrow(/no user "x"/)
  })

  it.each([
    [{ firstName: 'A' }, /^lastName: missing/],
    [{ ...colleague, firstName: '' }, /^firstName: "" is not allowed/],
    [{ ...colleague, organization: 7 }, /^organization: 7 is not allowed: send a string/],
    [
      { ...colleague, dataCenter: 'jp' },
      /^dataCenter: "jp" is not emulated: use one of us, eu, in/,
    ],
    [{ ...colleague, dataCenter: 'mars' }, /^dataCenter: "mars" is not allowed/],
    [{ ...colleague, email: 'a@b' }, /"email" is unknown/],
  ])('refuses %j', async (sent, cause) => {
    expect(await control(await start(), 'users', sent)).toEqual({
      status: 400,
      body: { error: expect.stringMatching(cause) },
    })
  })

  it('escapes names with markup, and keeps e-mail addresses plain and unique', async () => {
    const emulator = await start()
    const harm = `"><script>alert(1)</script>'<img src=x>`
    const added = [
      emulator.addUser({ ...colleague, firstName: harm, organization: harm }),
      emulator.addUser({ ...colleague, firstName: '李', lastName: '雷' }),
      emulator.addUser(colleague),
      emulator.addUser(colleague),
    ]
    for (const { user } of added) expect(user).toMatch(/^[a-z0-9.-]+@[a-z0-9.-]+$/)
    expect(new Set(added.map(({ user }) => user)).size).toBe(4)
    expect(new Set(added.map(({ userId }) => userId)).size).toBe(4)
    for (const page of [
      authorizationUrl(emulator),
      `${emulator.dataCenters.eu.accountsServer}/_emulator/`,
    ])
      expect(await (await fetch(page)).text()).not.toContain('<img src=x>')
    await consentOf(emulator, added[0]?.user ?? '')
    expect(
      await (await fetch(`${emulator.dataCenters.eu.accountsServer}/_emulator/`)).text(),
    ).not.toContain('<img src=x>')
  })
})
