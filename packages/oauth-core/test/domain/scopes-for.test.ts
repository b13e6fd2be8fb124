import { createEmulator } from '@zrecruit/oauth-emulator'
import { describe, expect, it } from 'vitest'
import { scopesFor, type RecruitScope, type ScopeNeeds } from '../../src/index.ts'

/** Is the consent page shown, or the page about an invalid scope? */
const isAccepted = async (scopes: readonly RecruitScope[]): Promise<boolean> => {
  const redirectUri = 'https://app.example.com/zoho/callback'
  const emulator = createEmulator({ redirectUris: [redirectUri] })
  const query = new URLSearchParams({
    client_id: emulator.client.id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: scopes.join(),
  })
  const url = `${emulator.dataCenters.us.accountsServer}/oauth/v2/auth?${query}`
  const response = await emulator.fetch(url)
  expect(response.headers.get('location')).toBe(null)
  return response.status === 200
}

describe('scopesFor', () => {
  it.each<[ScopeNeeds, RecruitScope[]]>([
    [{}, []],
    [{ read: ['candidate'] }, ['ZohoRecruit.modules.candidate.READ']],
    [{ read: ['referral'] }, ['ZohoRecruit.modules.referral.READ']],
    [
      { search: ['candidate'], attachments: true, bulk: 'read' },
      [
        'ZohoRecruit.bulk.READ',
        'ZohoRecruit.modules.attachments.ALL',
        'ZohoRecruit.modules.candidate.READ',
        'ZohoSearch.securesearch.READ',
      ],
    ],
    [
      { create: ['candidate'], update: ['jobopening'], delete: ['task'] },
      [
        'ZohoRecruit.modules.candidate.CREATE',
        'ZohoRecruit.modules.jobopening.UPDATE',
        'ZohoRecruit.modules.task.DELETE',
      ],
    ],
    [
      { create: ['candidate'], attachments: true },
      [
        'ZohoRecruit.modules.attachments.ALL',
        'ZohoRecruit.modules.candidate.CREATE',
        'ZohoRecruit.modules.candidate.READ',
      ],
    ],
    [
      { create: ['interview'], bulk: 'write' },
      [
        'ZohoFiles.files.ALL',
        'ZohoRecruit.bulk.CREATE',
        'ZohoRecruit.modules.interview.CREATE',
        'ZohoRecruit.org.ALL',
      ],
    ],
    [
      { read: ['contact'], bulk: 'read-and-write' },
      [
        'ZohoFiles.files.ALL',
        'ZohoRecruit.bulk.CREATE',
        'ZohoRecruit.bulk.READ',
        'ZohoRecruit.modules.contact.CREATE',
        'ZohoRecruit.modules.contact.READ',
        'ZohoRecruit.org.ALL',
      ],
    ],
    [{ attachments: true }, ['ZohoRecruit.modules.ALL', 'ZohoRecruit.modules.attachments.ALL']],
    [{ bulk: 'read' }, ['ZohoRecruit.bulk.READ', 'ZohoRecruit.modules.ALL']],
    [{ users: true, organization: true }, ['ZohoRecruit.org.ALL', 'ZohoRecruit.users.READ']],
  ])('%j', async (needs, scopes) => {
    expect(scopesFor(needs)).toEqual(scopes)
    if (scopes.length > 0) expect(await isAccepted(scopes)).toBe(true)
  })

  it.each<[object | undefined, RegExp]>([
    [undefined, /`needs` must be an object/],
    [{ read: 'candidate' }, /`needs\.read` must be a list of modules/],
    [{ read: ['contact', 'candidates'] }, /`needs\.read` has at index 1 no module/],
    [{ create: ['referral'] }, /`needs\.create` has at index 0 no module.*CREATE/],
    [{ read: ['candidate,ZohoRecruit.users.ALL'] }, /`needs\.read` has at index 0/],
    [{ search: [''] }, /`needs\.search` has at index 0/],
    [{ create: [undefined] }, /`needs\.create` has at index 0/],
    [{ delete: {} }, /`needs\.delete` must be a list/],
    [{ reed: ['candidate'] }, /`needs\.reed` is not known/],
    [{ bulk: true }, /`needs\.bulk` must be `read`, `write`/],
    [{ users: 'false' }, /`needs\.users` must be true or false/],
  ])('refuses %j, and names the cause', (needs, cause) => {
    expect(() => scopesFor(needs as ScopeNeeds)).toThrow(cause)
  })

  it('has a type for the modules', () => {
    // @ts-expect-error not a module
    expect(() => scopesFor({ read: ['candidates'] })).toThrow()
    // @ts-expect-error no records
    expect(() => scopesFor({ create: ['attachments'] })).toThrow()
  })
})

it.each(['ZohoRecruit.modules.candidates.ALL', 'ZohoRecruit.everything.ALL'])(
  'the emulator shows a page, and does not redirect, for %s',
  async (scope) => {
    expect(await isAccepted([scope as RecruitScope])).toBe(false)
  },
)
