import { Injectable } from '@nestjs/common'

export interface Tenant {
  readonly id: string
  readonly name: string
}

/** A tenant’s branch, with its own Zoho organization and therefore its own connection. */
export interface Office {
  readonly id: string
  readonly tenant: Tenant
  readonly city: string
  /**
   * The usual data center of this office’s Zoho account. Consent for an account in China must start
   * in China.
   */
  readonly dataCenter: string
}

interface Person {
  readonly id: string
  readonly name: string
  readonly role: string
}

/** A user of a tenant. */
export interface Member extends Person {
  readonly office: Office
}

/** A user of the product's own staff, who manages all tenants. */
export interface Staff extends Person {
  readonly office?: undefined
}

export type User = Member | Staff

type Row = readonly [id: string, name: string, role: string]

const membersOf = (
  id: string,
  name: string,
  offices: Readonly<Record<string, readonly [dataCenter: string, people: readonly Row[]]>>,
): Member[] => {
  const tenant = { id, name }
  return Object.entries(offices).flatMap(([city, [dataCenter, people]]) => {
    const office = { id: `${id}-${city.toLowerCase()}`, tenant, city, dataCenter }
    return people.map(([userId, userName, role]) => ({ id: userId, name: userName, role, office }))
  })
}

/** Tenants, their users and the staff, in memory. In a real app they are in a database. */
@Injectable()
export class Tenants {
  private readonly members: readonly Member[] = [
    ...membersOf('nordlicht', 'Nordlicht Personal', {
      Hamburg: [
        'eu',
        [
          ['mara', 'Mara Lindholm', 'Head of recruiting'],
          ['jonas', 'Jonas Weber', 'Recruiter'],
        ],
      ],
    }),
    ...membersOf('bluebonnet', 'Bluebonnet Staffing', {
      Austin: [
        'us',
        [
          ['dana', 'Dana Reyes', 'Founder'],
          ['luis', 'Luis Ortega', 'Recruiter'],
        ],
      ],
      Pune: ['in', [['asha', 'Asha Kulkarni', 'Branch manager']]],
    }),
    ...membersOf('lotus', 'Lotus Bridge Talent', {
      Hangzhou: [
        'cn',
        [
          ['mei', 'Mei Lin', 'Managing partner'],
          ['bo', 'Bo Chen', 'Recruiter'],
        ],
      ],
    }),
  ]

  readonly staff: readonly Staff[] = [
    { id: 'robin', name: 'Robin Hale', role: 'Customer operations' },
  ]

  all(): readonly Tenant[] {
    return [...new Set(this.members.map(({ office }) => office.tenant))]
  }

  peopleOf(tenant: Tenant): readonly Member[] {
    return this.members.filter(({ office }) => office.tenant === tenant)
  }

  user(id: string | undefined): User | undefined {
    return [...this.members, ...this.staff].find((user) => user.id === id)
  }
}
