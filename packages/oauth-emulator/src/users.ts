import type { DataCenterId } from './data-centers.ts'
import { BadRequest } from './http/body.ts'
import { check, dataCenterId, type Rule } from './rules.ts'
import { mailboxOf, type Organization, ownUserOf, type User } from './seed/organizations.ts'

/** Somebody more who can sign in. */
export interface NewUser {
  readonly dataCenter: DataCenterId
  readonly firstName: string
  readonly lastName: string
  /**
   * The name of their organization; one that does not live at the data center yet is founded,
   * without records. Default: the data center's own.
   */
  readonly organization?: string
}

/** Who lives at the data centers that stand. */
export interface Users {
  /** At one of them, its own user first. */
  at(dataCenter: DataCenterId): readonly User[]
  all(): readonly User[]
  add(user: NewUser): User
  /** Those who were added go. */
  reset(): void
}

/** More would run into the ids of the next data center's. */
const mostAdded = 1000

/** A name that is meant to do harm is welcome: it is what a test of escaping needs. */
const nameRule: Rule = {
  cure: 'a string of 1 to 255 characters',
  fits: (value) => typeof value === 'string' && value.length > 0 && value.length <= 255,
}

export function createUsers(standing: readonly DataCenterId[]): Users {
  const owners = standing.map(ownUserOf)
  let added: User[] = []
  const at = (dataCenter: DataCenterId) =>
    [...owners, ...added].filter(({ organization }) => organization.dataCenter === dataCenter)
  return {
    at,
    all: () => standing.flatMap(at),
    add({ dataCenter, firstName, lastName, organization: wanted }) {
      check('dataCenter', dataCenter, dataCenterId)
      check('firstName', firstName, nameRule)
      check('lastName', lastName, nameRule)
      if (wanted !== undefined) check('organization', wanted, nameRule)
      const here = at(dataCenter)
      const [owner] = here
      if (owner === undefined)
        throw new BadRequest(
          `dataCenter: ${JSON.stringify(dataCenter)} does not stand: use one of ` +
            `${standing.join(', ')}.`,
        )
      if (added.length >= mostAdded)
        throw new BadRequest(
          `There are ${mostAdded} users more than in the beginning: reset, and add fewer.`,
        )
      const number = added.length + 1
      const organization =
        here
          .map((one) => one.organization)
          .find((one) => one.name === (wanted ?? owner.organization.name)) ??
        founded(owner.organization, wanted ?? '', number)
      const address = `${mailboxOf(firstName, lastName)}@${organization.mailDomain}`
      const isFree = !address.startsWith('.@') && here.every(({ email }) => email !== address)
      const email = isFree ? address : `user-${number}@${organization.mailDomain}`
      const user = { id: `${Number(owner.id) + number}`, firstName, lastName, email, organization }
      added = [...added, user]
      return user
    },
    reset() {
      added = []
    },
  }
}

function founded(neighbour: Organization, name: string, number: number): Organization {
  return {
    ...neighbour,
    id: `${Number(neighbour.id) + number}`,
    name,
    mailDomain: `organization-${number}.example`,
  }
}

/**
 * Who can sign in at an accounts server, those of its own data center first. `us` is the universal
 * entry, where the users of all data centers can; China's must start at their own
 * (https://www.zoho.com/recruit/developer-guide/apiv2/auth-request.html).
 */
export function usersWhoSignIn(users: Users, at: DataCenterId): User[] {
  const others =
    at === 'us'
      ? users
          .all()
          .filter(({ organization: { dataCenter } }) => dataCenter !== 'us' && dataCenter !== 'cn')
      : []
  return [...users.at(at), ...others]
}

/** By e-mail address, or by the data center whose own user it is. */
export function isCalled({ email, organization }: User, account: string): boolean {
  return email === account || organization.dataCenter === account
}
