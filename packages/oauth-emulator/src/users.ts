import type { DataCenterId } from './data-centers.ts'
import { BadRequest } from './http/body.ts'
import { check, dataCenterId, type Rule } from './rules.ts'
import { mailboxName, type Organization, defaultUser, type User } from './seed/organizations.ts'

/** An additional user who can sign in. */
export interface NewUser {
  readonly dataCenter: DataCenterId
  readonly firstName: string
  readonly lastName: string
  /**
   * The name of the user's organization. If the data center has no such organization, it is created
   * without records. Default: the organization of the data center's default user.
   */
  readonly organization?: string
}

/** The users of the emulated data centers. */
export interface Users {
  /** The users of one data center, its default user first. */
  at(dataCenter: DataCenterId): readonly User[]
  all(): readonly User[]
  add(user: NewUser): User
  /** Removes the added users. */
  reset(): void
}

/** The ids of more users would collide with the ids of the next data center. */
const maxAddedUsers = 1000

/** Names with markup are allowed, because tests of escaping need them. */
const nameRule: Rule = {
  expected: 'a string of 1 to 255 characters',
  accepts: (value) => typeof value === 'string' && value.length > 0 && value.length <= 255,
}

export function createUsers(dataCenters: readonly DataCenterId[]): Users {
  const defaultUsers = dataCenters.map(defaultUser)
  let added: User[] = []
  const at = (dataCenter: DataCenterId) =>
    [...defaultUsers, ...added].filter(({ organization }) => organization.dataCenter === dataCenter)
  return {
    at,
    all: () => dataCenters.flatMap(at),
    add({ dataCenter, firstName, lastName, organization: organizationName }) {
      check('dataCenter', dataCenter, dataCenterId)
      check('firstName', firstName, nameRule)
      check('lastName', lastName, nameRule)
      if (organizationName !== undefined) check('organization', organizationName, nameRule)
      const existing = at(dataCenter)
      const [localDefaultUser] = existing
      if (localDefaultUser === undefined)
        throw new BadRequest(
          `dataCenter: ${JSON.stringify(dataCenter)} is not emulated: use one of ` +
            `${dataCenters.join(', ')}.`,
        )
      if (added.length >= maxAddedUsers)
        throw new BadRequest(`${maxAddedUsers} users were added already: reset, and add fewer.`)
      const number = added.length + 1
      const { organization: defaultOrganization } = localDefaultUser
      const name = organizationName ?? defaultOrganization.name
      const existingOrganizations = existing.map((user) => user.organization)
      const organization =
        existingOrganizations.find((candidate) => candidate.name === name) ??
        createOrganization(defaultOrganization, name, number)
      const address = `${mailboxName(firstName, lastName)}@${organization.mailDomain}`
      // Names without plain letters leave only the dot between them.
      const hasLetters = !address.startsWith('.@')
      const isFree = existing.every(({ email }) => email !== address)
      const email = hasLetters && isFree ? address : `user-${number}@${organization.mailDomain}`
      const id = `${Number(localDefaultUser.id) + number}`
      const user = { id, firstName, lastName, email, organization }
      added = [...added, user]
      return user
    },
    reset() {
      added = []
    },
  }
}

function createOrganization(template: Organization, name: string, number: number): Organization {
  return {
    ...template,
    id: `${Number(template.id) + number}`,
    name,
    mailDomain: `organization-${number}.example`,
  }
}

/**
 * The users who can sign in at an accounts server. The users of its own data center come first.
 * `us` accepts the users of all data centers except China's, who must start at their own data
 * center (https://www.zoho.com/recruit/developer-guide/apiv2/auth-request.html).
 */
export function usersWithSignIn(users: Users, at: DataCenterId): User[] {
  const others =
    at === 'us'
      ? users
          .all()
          .filter(({ organization: { dataCenter } }) => dataCenter !== 'us' && dataCenter !== 'cn')
      : []
  return [...users.at(at), ...others]
}

/** Whether `account` is the e-mail address of a user, or the data center of the user. */
export function matchesAccount({ email, organization }: User, account: string): boolean {
  return email === account || organization.dataCenter === account
}
