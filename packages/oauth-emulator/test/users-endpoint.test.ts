import { describe, expect, it } from 'vitest'
import { createEmulator } from '../src/index.ts'
import { authorizationUrl, start, token } from './support.ts'
import {
  scope,
  userOfSameOrganization,
  userOfNewOrganization,
  requestControl,
  readIdentity,
  connectByConsent,
} from './users.ts'

describe('the endpoint', () => {
  it('adds a user at the called data center or a named one, and lists all users', async () => {
    const emulator = await start()
    const added = (
      await requestControl(emulator, 'users', { firstName: 'Nils', lastName: 'Brandt' })
    ).body
    expect(added).toEqual({
      dataCenter: 'eu',
      user: 'nils.brandt@rheinbogen.example',
      userId: expect.stringMatching(/^\d+$/),
      name: 'Nils Brandt',
      organization: 'Rheinbogen Personal',
      organizationId: expect.stringMatching(/^\d+$/),
    })
    await requestControl(emulator, 'users', { ...userOfNewOrganization, dataCenter: 'us' })
    expect(
      (await requestControl(emulator, 'users')).body.map(
        (one: { dataCenter: string; user: string }) => `${one.dataCenter} ${one.user}`,
      ),
    ).toEqual([
      'us maya.brooks@harborpine.example',
      'us nils.brandt@organization-2.example',
      'eu lena.vogel@rheinbogen.example',
      'eu nils.brandt@rheinbogen.example',
      'in arjun.mehta@saffronbridge.example',
    ])
    await requestControl(emulator, 'reset', {})
    expect((await requestControl(emulator, 'users')).body).toHaveLength(3)
    expect(emulator.addUser(userOfSameOrganization)).toEqual(added)
  })

  it('issues Self Client codes for a named user', async () => {
    const emulator = await start()
    const { user, name } = emulator.addUser(userOfNewOrganization)
    const granted = await requestControl(emulator, 'codes', { scope, user })
    const { body } = await token(
      emulator,
      { grant_type: 'authorization_code', code: granted.body.code },
      'eu',
    )
    expect(await readIdentity(emulator, body.access_token)).toMatchObject({
      name,
      organization: 'Alster Talente',
    })
    expect(await requestControl(emulator, 'codes', { scope, user }, 'us')).toEqual({
      status: 400,
      body: { error: `user: no user "${user}": use one of maya.brooks@harborpine.example.` },
    })
    expect(() =>
      createEmulator().issueSelfClientCode({ scope, dataCenter: 'eu', user: 'x' }),
    ).toThrow(/no user "x"/)
  })

  it.each([
    [{ firstName: 'A' }, /^lastName: missing/],
    [{ ...userOfSameOrganization, firstName: '' }, /^firstName: "" is not allowed/],
    [
      { ...userOfSameOrganization, organization: 7 },
      /^organization: 7 is not allowed: send a string/,
    ],
    [
      { ...userOfSameOrganization, dataCenter: 'jp' },
      /^dataCenter: "jp" is not emulated: use one of us, eu, in/,
    ],
    [{ ...userOfSameOrganization, dataCenter: 'mars' }, /^dataCenter: "mars" is not allowed/],
    [{ ...userOfSameOrganization, email: 'a@b' }, /"email" is unknown/],
  ])('refuses %j', async (sent, cause) => {
    expect(await requestControl(await start(), 'users', sent)).toEqual({
      status: 400,
      body: { error: expect.stringMatching(cause) },
    })
  })

  it('escapes names with markup, and keeps e-mail addresses plain and unique', async () => {
    const emulator = await start()
    const harm = `"><script>alert(1)</script>'<img src=x>`
    const added = [
      emulator.addUser({ ...userOfSameOrganization, firstName: harm, organization: harm }),
      emulator.addUser({ ...userOfSameOrganization, firstName: '李', lastName: '雷' }),
      emulator.addUser(userOfSameOrganization),
      emulator.addUser(userOfSameOrganization),
    ]
    for (const { user } of added) expect(user).toMatch(/^[a-z0-9.-]+@[a-z0-9.-]+$/)
    expect(new Set(added.map(({ user }) => user)).size).toBe(4)
    expect(new Set(added.map(({ userId }) => userId)).size).toBe(4)
    for (const page of [
      authorizationUrl(emulator),
      `${emulator.dataCenters.eu.accountsServer}/_emulator/`,
    ])
      expect(await (await fetch(page)).text()).not.toContain('<img src=x>')
    await connectByConsent(emulator, added[0]?.user ?? '')
    expect(
      await (await fetch(`${emulator.dataCenters.eu.accountsServer}/_emulator/`)).text(),
    ).not.toContain('<img src=x>')
  })
})
