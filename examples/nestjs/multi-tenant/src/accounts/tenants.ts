import { Injectable } from '@nestjs/common'

export interface Tenant {
  readonly id: string
  readonly name: string
  readonly city: string
  /** Where this customer's Zoho account usually is. China cannot be reached from any other data center. */
  readonly dataCenter: string
}

export interface User {
  readonly id: string
  readonly name: string
  readonly role: string
  readonly tenant: Tenant
}

const company = (tenant: Tenant, people: readonly (readonly [id: string, name: string, role: string])[]): User[] => people.map(([id, name, role]) => ({ id, name, role, tenant }))

/** Customers and their people. They would be rows of your database; for an example, memory is enough. */
@Injectable()
export class Tenants {
  private readonly users: readonly User[] = [
    ...company({ id: 'nordlicht', name: 'Nordlicht Personal', city: 'Hamburg', dataCenter: 'eu' }, [['mara', 'Mara Lindholm', 'Head of recruiting'], ['jonas', 'Jonas Weber', 'Recruiter']]),
    ...company({ id: 'bluebonnet', name: 'Bluebonnet Staffing', city: 'Austin', dataCenter: 'us' }, [['dana', 'Dana Reyes', 'Founder'], ['luis', 'Luis Ortega', 'Recruiter']]),
    ...company({ id: 'lotus', name: 'Lotus Bridge Talent', city: 'Hangzhou', dataCenter: 'cn' }, [['mei', 'Mei Lin', 'Managing partner'], ['bo', 'Bo Chen', 'Recruiter']]),
  ]

  all(): readonly Tenant[] {
    return [...new Set(this.users.map(({ tenant }) => tenant))]
  }

  peopleOf(tenant: Tenant): readonly User[] {
    return this.users.filter((user) => user.tenant === tenant)
  }

  user(id: string | undefined): User | undefined {
    return this.users.find((user) => user.id === id)
  }
}
