import { api, decide, exchange, type start } from './support.ts'

export type Started = Awaited<ReturnType<typeof start>>

export const scope = 'ZohoRecruit.modules.ALL,ZohoRecruit.org.READ,ZohoRecruit.users.READ'

/** A user for `addUser`, in the organization of the default user. */
export const userOfSameOrganization = {
  dataCenter: 'eu',
  firstName: 'Nils',
  lastName: 'Brandt',
} as const

/** A user of the same name, for whom `addUser` adds an organization. */
export const userOfNewOrganization = {
  ...userOfSameOrganization,
  organization: 'Alster Talente',
} as const

/** Sends a request to a control endpoint. */
export async function requestControl(
  emulator: Started,
  path: string,
  body?: unknown,
  at: 'us' | 'eu' = 'eu',
) {
  const response = await fetch(
    `${emulator.dataCenters[at].accountsServer}/_emulator/${path}`,
    body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
  )
  return { status: response.status, body: await response.json() }
}

/** The user of an access token according to the API, and the number of users that it returned. */
export async function readIdentity(emulator: Started, accessToken: string) {
  const [org, users] = [
    await api(emulator, 'org', accessToken, 'eu'),
    await api(emulator, 'users?type=CurrentUser', accessToken, 'eu'),
  ]
  return {
    organizationId: org.body.org[0].zgid,
    organization: org.body.org[0].company_name,
    userId: users.body.users[0].id,
    name: users.body.users[0].full_name,
    userCount: users.body.users.length,
  }
}

/**
 * Consents as an account at the US accounts server, and exchanges the code at the EU one. A data
 * center as account is its default user.
 */
export async function connectByConsent(
  emulator: Started,
  account: string,
  parameters: { prompt?: 'consent' } = { prompt: 'consent' },
) {
  const { body } = await exchange(
    emulator,
    (await decide(emulator, { decision: 'approve', account }, { scope, ...parameters })).get(
      'code',
    ) ?? '',
    'eu',
  )
  return { accessToken: body.access_token as string, refreshToken: body.refresh_token as string }
}
