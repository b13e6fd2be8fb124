import { organizationIn } from '../environment.ts'
import type { AccessToken } from '../ledger/ledger.ts'
import { json } from '../http/responses.ts'
import type { User } from '../seed/organizations.ts'
import type { EmulatorState } from '../state.ts'
import type { Users } from '../users.ts'
import { noContent, recruitError } from './responses.ts'

/** The users of a user's organization, in the order of addition. */
function listColleagues(users: Users, { organization }: User): User[] {
  return users.at(organization.dataCenter).filter((one) => one.organization.id === organization.id)
}

/**
 * `GET /org`: the organization of the token's user. Authors of other clients report the keys.
 */
export function handleOrganization(
  { users, settings }: EmulatorState,
  { user, environment }: AccessToken,
): Response {
  const { id, name, countryCode, timeZone } = organizationIn(user.organization, environment)
  const [firstUser] = listColleagues(users, user)
  const license_details = {
    paid: true,
    paid_type: 'enterprise',
    paid_expiry: null,
    trial_type: null,
    trial_expiry: null,
  }
  const org = {
    ...(settings.zgidInOrganization ? { zgid: id } : {}),
    company_name: name,
    primary_email: firstUser?.email,
    country_code: countryCode,
    time_zone: timeZone,
    license_details,
  }
  return json({ org: [org] })
}

const typesOfEveryUser = ['AllUsers', 'ActiveUsers', 'AdminUsers']
const typesOfNoUser = ['DeactiveUsers', 'NotConfirmedUsers', 'DeletedUsers']
const userTypes = [...typesOfEveryUser, 'CurrentUser', ...typesOfNoUser]

/**
 * `GET /users?type=`: the users of the organization, or the user of the token. The response for a
 * type that matches no user is 204. Types beyond `AllUsers` and `CurrentUser` are unverified.
 */
export function handleUsers(users: Users, user: User, type: string): Response {
  if (typesOfNoUser.includes(type)) return noContent()
  if (!userTypes.includes(type))
    return recruitError(400, 'INVALID_DATA', `type is one of ${userTypes.join(', ')}`)
  const selected = type === 'CurrentUser' ? [user] : listColleagues(users, user)
  return json({
    users: selected.map(toRecruitUser),
    info: { per_page: 200, count: selected.length, page: 1, more_records: false },
  })
}

function toRecruitUser({
  id,
  firstName,
  lastName,
  email,
  organization: { countryCode, timeZone },
}: User) {
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
