import { beforeAll, expect, it } from 'vitest'
import { emulateZoho } from './emulated-zoho.ts'
import { signedIn } from './signed-in.ts'

const origin = 'https://app.example.com'
const zoho = emulateZoho({ dataCenters: ['us'], redirectUris: [`${origin}/zoho/callback`] })
const agency = emulateZoho(
  { dataCenters: ['eu'], redirectUris: [`${origin}/agency/zoho/callback`] },
  { prefix: 'ZOHO_AGENCY' },
)
let user: { id: string; company: string; isAdmin: boolean }
beforeAll(async () => {
  const { app } = await import('../src/two-apps.ts')
  zoho.serve(
    origin,
    signedIn(app, () => user),
  )
})
const member = { id: 'alice', company: 'acme', isAdmin: false }
const administrator = { id: 'olga', company: 'agency', isAdmin: true }
const copy = { method: 'POST', headers: { origin, accept: 'application/json' } }

it('connects both accounts, and copies from one to the other', async () => {
  user = administrator
  const admins = zoho.createBrowser()
  const consent = await admins.open(`${origin}/agency/jobs`)
  expect(consent.url).toMatch(/^https:\/\/accounts\.zoho\.eu\//)
  const jobs = await zoho.accept(admins, consent)
  expect([jobs.url, jobs.status]).toEqual([`${origin}/agency/jobs`, 200])

  user = member
  const browser = zoho.createBrowser()
  const connected = await zoho.accept(browser, await browser.open(`${origin}/zoho/connect`))
  expect(connected.url).toBe(`${origin}/`)

  const { data } = (await recruit('https://recruit.zoho.com')) as { data: [Candidate] }
  const [{ id, First_Name, Last_Name }] = data
  const copied = await browser.send(`${origin}/candidates/${id}/copy`, copy)
  expect(copied.status).toBe(201)
  const ours = (await recruit('https://recruit.zoho.eu')) as { data: Candidate[] }
  expect(ours.data).toContainEqual(expect.objectContaining({ First_Name, Last_Name }))
  const missing = await browser.send(`${origin}/candidates/1/copy`, copy)
  expect(missing.status).toBe(404)
})

interface Candidate {
  readonly id: string
  readonly First_Name: string
  readonly Last_Name: string
}

/** Reads all candidates of a data center, with the token that the emulator has issued. */
const recruit = async (server: string): Promise<unknown> => {
  const { emulator } = server.endsWith('.eu') ? agency : zoho
  const [token] = emulator.tokens().accessTokens
  const headers = { authorization: `Zoho-oauthtoken ${token?.token}` }
  return (await fetch(`${server}/recruit/v2/Candidates`, { headers })).json()
}

it('a customer cannot connect the account of the agency', async () => {
  user = member
  const page = await zoho.createBrowser().open(`${origin}/agency/zoho/connect`)
  expect([page.status, page.text]).toEqual([403, 'Only for administrators.'])
})
