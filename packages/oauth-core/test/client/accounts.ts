import { expect } from 'vitest'
import type { RecruitOAuthOptions } from '../../src/index.ts'
import { json, type Reply } from '../endpoints/server.ts'
import { errorCodeOf, grant, startConsent, startSetup, tokens, type Setup } from './setup.ts'

export interface Account {
  readonly zgid?: unknown
  readonly company_name?: unknown
  readonly id?: unknown
  readonly full_name?: unknown
}

export const acmeInc: Account = {
  zgid: '60001',
  company_name: 'Acme Inc.',
  id: '70001',
  full_name: 'Ann Lee',
}
export const otherLtd: Account = {
  zgid: '60002',
  company_name: 'Other Ltd.',
  id: '70002',
  full_name: 'Bob Roe',
}

/** The responses of the Recruit API about the account of an access token. */
export const accountReply =
  ({ zgid, company_name, id, full_name }: Account): Reply =>
  (response, request) =>
    json(
      request.url.endsWith('/org')
        ? { org: [{ zgid, company_name }] }
        : { users: [{ id, full_name }] },
    )(response, request)

export const scopes = [
  'ZohoRecruit.modules.ALL',
  'ZohoRecruit.org.READ',
  'ZohoRecruit.users.READ',
] as const

/** Completes a consent in the browser, and returns `ok` or the code of the error. */
export const codeOfConsent = async (
  setup: Setup,
  more: Partial<RecruitOAuthOptions> = {},
): Promise<string> => {
  setup.script.token = grant()
  const { complete } = await startConsent(setup.options({ scopes, ...more }))
  const code = await errorCodeOf(complete())
  setup.script.token = tokens()
  return code
}
export const startConnected = async (who: Account, more: Partial<RecruitOAuthOptions> = {}) => {
  const setup = await startSetup()
  setup.script.api = accountReply(who)
  expect(await codeOfConsent(setup, more)).toBe('ok')
  const requestCount = setup.server.received.length
  const acme = setup.client({ scopes, ...more }).connection('acme')
  return {
    ...setup,
    acme,
    urlsSince: () => setup.server.received.slice(requestCount).map(({ url }) => url),
  }
}
export const identity = {
  organizationId: '60001',
  organizationName: 'Acme Inc.',
  userId: '70001',
  userName: 'Ann Lee',
}
