import { json } from '../http/answers.ts'
import { organizationOf } from '../seed/organizations.ts'
import type { DataCenterId } from '../data-centers.ts'
import { noContent, recruitError } from './modules.ts'

/** `GET /org`: the organization of the data center. Keys as other clients' authors know them. */
export function answerOrganization(dataCenter: DataCenterId): Response {
  const { id, name, countryCode, timeZone, user } = organizationOf(dataCenter)
  const license_details = { paid: true, paid_type: 'enterprise', paid_expiry: null, trial_type: null, trial_expiry: null }
  const org = { zgid: id, company_name: name, primary_email: user.email, country_code: countryCode, time_zone: timeZone, license_details }
  return json({ org: [org] })
}

const typesWithTheUser = ['AllUsers', 'CurrentUser', 'ActiveUsers', 'AdminUsers']
const typesWithNobody = ['DeactiveUsers', 'NotConfirmedUsers', 'DeletedUsers']

/** `GET /users?type=`: the one user of the organization; 204 for the types that select nobody. Types beyond the first two are unverified. */
export function answerUsers(dataCenter: DataCenterId, type: string): Response {
  if (typesWithNobody.includes(type)) return noContent()
  if (!typesWithTheUser.includes(type)) {
    return recruitError(400, 'INVALID_DATA', `type is one of ${[...typesWithTheUser, ...typesWithNobody].join(', ')}`)
  }
  const { user, countryCode, timeZone } = organizationOf(dataCenter)
  const one = {
    id: user.id,
    zuid: user.id,
    first_name: user.firstName,
    last_name: user.lastName,
    full_name: `${user.firstName} ${user.lastName}`,
    email: user.email,
    role: { name: 'Administrator' },
    profile: { name: 'Administrator' },
    status: 'active',
    confirm: true,
    country: countryCode,
    time_zone: timeZone,
  }
  return json({ users: [one], info: { per_page: 200, count: 1, page: 1, more_records: false } })
}
