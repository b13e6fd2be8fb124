import type { INestApplication } from '@nestjs/common'
import { Test } from '@nestjs/testing'
import { createBrowser, createEmulator } from '@zrecruit/oauth-emulator'
import { getZohoRecruitToken, type ZohoRecruit } from '@zrecruit/oauth-nestjs'
import { randomBytes } from 'node:crypto'
import { AppModule, Report, Settings } from './app.module'

describe('candidates, with the emulator', () => {
  const port = Number(process.env.PORT ?? 3210)
  const origin = `http://localhost:${port}`
  const emulator = createEmulator({ redirectUris: [`${origin}/zoho/callback`] })
  const browser = createBrowser() // keeps cookies, follows redirects and submits forms
  let app: INestApplication

  beforeAll(async () => {
    await emulator.listen({ port: 0 })
    const settings: Settings = {
      clientId: emulator.client.id,
      clientSecret: emulator.client.secret,
      redirectUri: `${origin}/zoho/callback`,
      encryptionKeys: [randomBytes(32).toString('base64')],
      database: ':memory:',
      dataCenters: emulator.dataCenters,
    }
    const module = await Test.createTestingModule({ imports: [AppModule] })
      .overrideProvider(Settings)
      .useValue(settings)
      .compile()
    app = module.createNestApplication()
    app.use((request: { user?: object }, _response: unknown, next: () => void) => {
      request.user = { id: 'alice', company: 'acme' } // instead of your session
      next()
    })
    await app.listen(port)
  })

  afterAll(async () => {
    await app.close()
    await emulator.close()
  })

  it('sends a user to the consent page and back', async () => {
    const consent = await browser.open(`${origin}/candidates`)
    const page = await browser.submit(consent, { decision: 'approve', account: 'eu' })
    expect(page.url).toBe(`${origin}/candidates`)
    expect(JSON.parse(page.text).data).toHaveLength(3)
  })

  it('refreshes an access token that Zoho has ended', async () => {
    emulator.endAccessTokens()
    expect(await app.get(Report).names('acme')).toHaveLength(3)
  })

  it('asks for consent again when the user has revoked it at Zoho', async () => {
    emulator.revokeByUser({ dataCenter: 'eu' })
    const zoho = app.get<ZohoRecruit>(getZohoRecruitToken())
    await expect(zoho.connection('acme').refresh()).rejects.toMatchObject({ code: 'needs-consent' })
    const response = await fetch(`${origin}/candidates`)
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({
      code: 'needs-consent',
      connect: `${origin}/zoho/connect`,
    })
  })
})
