import { describe, expect, test } from 'vitest'
import {
  unlistedScope,
  isScopeToken,
  missingScopes,
  normalizeScopes,
  parseScopes,
  type RecruitScope,
} from '../../src/domain/scopes.ts'

const scopeList = (...scopes: RecruitScope[]): readonly RecruitScope[] => scopes

// Type tests: `tsc` fails if a line is wrong. The names are copied by hand from zoho-protocol.md,
// 4.3 and 8.1.
const listed = scopeList(
  'ZohoRecruit.users.ALL',
  'ZohoRecruit.users.READ',
  'ZohoRecruit.org.ALL',
  'ZohoRecruit.org.READ',
  'ZohoRecruit.search.READ',
  'ZohoRecruit.functions.execute.READ',
  'ZohoRecruit.functions.execute.CREATE',
  'ZohoRecruit.settings.ALL',
  'ZohoRecruit.settings.custom_views.READ',
  'ZohoRecruit.settings.related_lists.ALL',
  'ZohoRecruit.settings.modules.READ',
  'ZohoRecruit.settings.fields.ALL',
  'ZohoRecruit.settings.layouts.READ',
  'ZohoRecruit.settings.profiles.READ',
  'ZohoRecruit.settings.roles.ALL',
  'ZohoRecruit.setup.operation.READ',
  'ZohoRecruit.modules.application.READ',
  'ZohoRecruit.modules.review.UPDATE',
  'ZohoRecruit.modules.custommodule.DELETE',
  'ZohoRecruit.modules.candidate.WRITE',
  'ZohoRecruit.modules.referral.READ',
  'ZohoRecruit.bulk.READ',
  'ZohoRecruit.bulk.CREATE',
  'ZohoFiles.files.ALL',
  'ZohoSearch.securesearch.READ',
  // The letter cases of Zoho's pages.
  'ZohoRecruit.modules.all',
  'ZohoRECRUIT.modules.all',
  'ZohoRECRUIT.modules.candidate.CREATE',
  'ZohoRecruit.bulk.read',
  'ZohoRecruit.modules.ALL',
  'ZohoRecruit.modules.READ',
  'ZohoRecruit.modules.CREATE',
  'ZohoRecruit.modules.UPDATE',
  'ZohoRecruit.modules.DELETE',
  'ZohoRecruit.modules.candidate.ALL',
  'ZohoRecruit.modules.client.READ',
  'ZohoRecruit.modules.contact.CREATE',
  'ZohoRecruit.modules.jobopening.UPDATE',
  'ZohoRecruit.modules.campaign.DELETE',
  'ZohoRecruit.modules.task.ALL',
  'ZohoRecruit.modules.event.ALL',
  'ZohoRecruit.modules.call.ALL',
  'ZohoRecruit.modules.interview.ALL',
  'ZohoRecruit.modules.vendor.ALL',
  'ZohoRecruit.modules.custom.ALL',
  'ZohoRecruit.modules.notes.ALL',
  'ZohoRecruit.modules.activities.ALL',
  'ZohoRecruit.modules.assessment.ALL',
  'ZohoRecruit.modules.candidatestatus.ALL',
  'ZohoRecruit.modules.jobopeningstatus.ALL',
  'ZohoRecruit.modules.department.ALL',
  'ZohoRecruit.modules.interviewstatus.ALL',
  'ZohoRecruit.modules.submission.ALL',
  'ZohoRecruit.modules.attachments.ALL',
  unlistedScope('ZohoRecruit.everything.ALL'),
)

// @ts-expect-error not a module
scopeList('ZohoRecruit.modules.candidates.ALL')
// @ts-expect-error not an operation
scopeList('ZohoRecruit.modules.candidate.EDIT')
// @ts-expect-error no operation
scopeList('ZohoRecruit.modules.candidate')
// @ts-expect-error the names of modules have one spelling
scopeList('ZohoRecruit.modules.Candidate.ALL')
// @ts-expect-error attachments have only the operation ALL
scopeList('ZohoRecruit.modules.attachments.READ')
// @ts-expect-error operations are in capitals or in lower case
scopeList('ZohoRecruit.modules.All')
// @ts-expect-error another product
scopeList('ZohoCRM.modules.ALL')
// @ts-expect-error users are read only
scopeList('ZohoRecruit.users.CREATE')
const plainString: string = 'ZohoRecruit.bulk.ALL'
// @ts-expect-error a plain string is not a scope
scopeList(plainString)

describe('scopes', () => {
  test('every listed scope is a scope token', () =>
    expect(listed.filter((scope) => !isScopeToken(scope))).toEqual([]))

  test.each(['', 'a b', 'a,b', 'a"b', 'a\\b', 'a\n', 'ä', '\u007f', 'x'.repeat(129)])(
    '%j is not a scope token',
    (scope) => expect(isScopeToken(scope)).toBe(false),
  )
  test.each(['!', '#', '+', '-', '[', ']', '~', 'x'.repeat(128)])('%j is a scope token', (scope) =>
    expect(isScopeToken(scope)).toBe(true),
  )

  test('lists with the same scopes are normalized to the same list', () => {
    expect(normalizeScopes(['b', 'a', 'b', 'B'])).toEqual(['B', 'a', 'b'])
    expect(parseScopes(' b,a, b,,c"d ')).toEqual(['a', 'b'])
    expect(parseScopes('')).toEqual([])
  })

  test.each([
    ['ZohoRecruit.modules.ALL', 'ZohoRecruit.modules.candidate.READ', true],
    ['ZohoRecruit.modules.READ', 'ZohoRecruit.modules.candidate.READ', true],
    ['ZohoRecruit.modules.all', 'ZohoRecruit.modules.candidate.DELETE', true],
    ['ZohoRecruit.modules.candidate.ALL', 'ZohoRecruit.modules.candidate.READ', true],
    ['ZohoRecruit.modules.ALL', 'ZohoRecruit.modules.READ', true],
    ['zohorecruit.search.read', 'ZohoRecruit.search.READ', true],
    ['ZohoRecruit.modules.READ', 'ZohoRecruit.modules.candidate.CREATE', false],
    ['ZohoRecruit.modules.READ', 'ZohoRecruit.modules.ALL', false],
    ['ZohoRecruit.modules.candidate.ALL', 'ZohoRecruit.modules.READ', false],
    ['ZohoRecruit.modules.candidate.ALL', 'ZohoRecruit.modules.candidatestatus.READ', false],
    ['ZohoRecruit.modules.ALL', 'ZohoRecruit.settings.READ', false],
    ['ZohoRecruit.modules.ALL', 'ZohoRecruit.modules', false],
    ['ZohoRecruit.settings.modules.ALL', 'ZohoRecruit.modules.READ', false],
  ])('%s covers %s: %s', (granted, wanted, covered) =>
    expect(missingScopes([granted], [wanted])).toEqual(covered ? [] : [wanted]),
  )

  test('missing scopes are returned in the order of the request', () => {
    expect(
      missingScopes(['x.READ', 'y.z.ALL'], ['y.z.READ', 'b.READ', 'x.READ', 'a.READ']),
    ).toEqual(['b.READ', 'a.READ'])
    expect(missingScopes([], ['a.READ'])).toEqual(['a.READ'])
  })
})
