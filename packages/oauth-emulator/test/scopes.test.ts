import { expect, it } from 'vitest'
import { scopeCatalog } from '../src/scopes.ts'
import { authorizationUrl, start } from './support.ts'

async function openConsentPage(emulator: Awaited<ReturnType<typeof start>>, scope: string) {
  const response = await fetch(authorizationUrl(emulator, { scope }), { redirect: 'manual' })
  return { status: response.status, text: await response.text() }
}

it('accepts every scope of the catalogue, in any letter case', async () => {
  const emulator = await start()
  const scopes = scopeCatalog.flatMap(({ scope, operations }) =>
    operations.map((operation) => `${scope}.${operation}`),
  )
  expect(scopes.length).toBeGreaterThan(140)
  expect(new Set(scopes).size).toBe(scopes.length)
  for (const spelling of [scopes, scopes.map((scope) => scope.toLowerCase())])
    expect((await openConsentPage(emulator, spelling.join(','))).status).toBe(200)
})

it.each([
  'ZohoRecruit.modules.WRITE',
  'ZohoRecruit.modules.referral.WRITE',
  'ZohoRecruit.modules.candidates.ALL',
  'ZohoRecruit.modules.attachments.READ',
  'ZohoRecruit.modules.note.CREATE',
  'ZohoRecruit.settings.profiles.CREATE',
  'ZohoRecruit.settings.CREATE',
  'ZohoRecruit.users.UPDATE',
  'ZohoRecruit.org.DELETE',
  'ZohoRecruit.bulk.UPDATE',
  'ZohoRecruit.setup.READ',
  'ZohoRecruit.functions.READ',
  'ZohoRecruit.securesearch.READ',
  'ZohoSearch.securesearch.ALL',
  'ZohoFiles.files.READ',
  'ZohoRecruit.files.ALL',
  'ZohoRecruit.modules',
  'ZohoRecruit.modules.candidate.extra.READ',
  ' ZohoRecruit.modules.ALL',
  '',
])(
  'shows a page without a redirect for a scope that the emulator does not know: %j',
  async (scope) => {
    const emulator = await start()
    const page = await openConsentPage(emulator, scope)
    expect(page.status).toBe(400)
    expect(page.text).toContain('Invalid OAuth Scope')
    expect(page.text).toContain('Scope does not exist')
  },
)

it.each([
  ['ZohoRecruit.modules.interview.CREATE', 'Add interviews'],
  ['ZohoRecruit.modules.custommodule.READ', 'See records in custom modules'],
  ['ZohoRecruit.modules.attachments.ALL', 'See, add, change and delete the files attached'],
  ['ZohoRecruit.settings.roles.READ', 'See user roles'],
  ['ZohoRecruit.setup.operation.READ', 'See the setup of modules'],
  ['ZohoSearch.securesearch.READ', 'See search results within your permissions'],
  ['ZohoFiles.files.ALL', 'See, add, change and delete files uploaded to Zoho'],
  ['ZohoRecruit.bulk.ALL', 'See, add and change records in bulk'],
])('the consent page describes %s', async (scope, description) => {
  const emulator = await start()
  expect((await openConsentPage(emulator, scope)).text).toContain(description)
})
