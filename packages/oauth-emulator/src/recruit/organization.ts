import { json } from '../http/answers.ts'
import type { User } from '../seed/organizations.ts'
import type { Users } from '../users.ts'
import { noContent, recruitError } from './modules.ts'

/** Its users, its founder first. */
function colleaguesOf(users: Users, { organization }: User): User[] {
  return users.at(organization.dataCenter).filter((one) => one.organization.id === organization.id)
}

/** `GET /org`: the organization of the token's user. Keys as other clients' authors know them. */
export function answerOrganization(users: Users, user: User): Response {
  const { id, name, countryCode, timeZone } = user.organization
  const [founder] = colleaguesOf(users, user)
  const license_details = {
    paid: true,
    paid_type: 'enterprise',
    paid_expiry: null,
    trial_type: null,
    trial_expiry: null,
  }
  const org = {
    zgid: id,
    company_name: name,
    primary_email: founder?.email,
    country_code: countryCode,
    time_zone: timeZone,
    license_details,
  }
  return json({ org: [org] })
}

const typesWithAll = ['AllUsers', 'ActiveUsers', 'AdminUsers']
const typesWithNobody = ['DeactiveUsers', 'NotConfirmedUsers', 'DeletedUsers']
const types = [...typesWithAll, 'CurrentUser', ...typesWithNobody]

/**
 * `GET /users?type=`: the users of the organization, or the token's own; 204 for the types that
 * select nobody. Types beyond `AllUsers` and `CurrentUser` are unverified.
 */
export function answerUsers(users: Users, user: User, type: string): Response {
  if (typesWithNobody.includes(type)) return noContent()
  if (!types.includes(type))
    return recruitError(400, 'INVALID_DATA', `type is one of ${types.join(', ')}`)
  const selected = type === 'CurrentUser' ? [user] : colleaguesOf(users, user)
  return json({
    users: selected.map(member),
    info: { per_page: 200, count: selected.length, page: 1, more_records: false },
  })
}

function member({ id, firstName, lastName, email, organization: { countryCode, timeZone } }: User) {
  return {
    id,
    zuid: id,
    first_name: firstName,
    last_name: lastName,
    full_name: `${firstName} ${lastName}`,
    email,
    role: { name: 'Administrator' },
    profile: { name: 'Administrator' },
    status: 'active',
    confirm: true,
    country: countryCode,
    time_zone: timeZone,
  }
}
