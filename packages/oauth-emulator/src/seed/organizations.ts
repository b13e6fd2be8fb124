import type { DataCenterId } from '../data-centers.ts'

/** A Zoho user who can sign in. */
export interface User {
  /** ZUID. */
  readonly id: string
  readonly firstName: string
  readonly lastName: string
  readonly email: string
}

/** The one organization that lives at a data center, with its one user. */
export interface Organization {
  readonly dataCenter: DataCenterId
  /** ZGID. */
  readonly id: string
  readonly name: string
  /** Where it is, in words. */
  readonly place: string
  readonly countryCode: string
  readonly timeZone: string
  readonly user: User
}

type Row = readonly [name: string, place: string, countryCode: string, timeZone: string, firstName: string, lastName: string, mailDomain: string]

const rows: Readonly<Record<DataCenterId, Row>> = {
  us: ['Harbor & Pine Staffing', 'United States', 'US', 'America/New_York', 'Maya', 'Brooks', 'harborpine.example'],
  eu: ['Rheinbogen Personal', 'Europe', 'DE', 'Europe/Berlin', 'Lena', 'Vogel', 'rheinbogen.example'],
  in: ['Saffron Bridge Talent', 'India', 'IN', 'Asia/Kolkata', 'Arjun', 'Mehta', 'saffronbridge.example'],
  au: ['Wattle Street Recruiting', 'Australia', 'AU', 'Australia/Sydney', 'Isla', 'Morgan', 'wattlestreet.example'],
  jp: ['Aoba Jinzai', 'Japan', 'JP', 'Asia/Tokyo', 'Haruka', 'Sato', 'aobajinzai.example'],
  cn: ['Qingshan Talent', 'China', 'CN', 'Asia/Shanghai', 'Wei', 'Zhang', 'qingshan.example'],
  ca: ['Maple Ridge People', 'Canada', 'CA', 'America/Toronto', 'Chloe', 'Tremblay', 'mapleridge.example'],
  sa: ['Najd Careers', 'Saudi Arabia', 'SA', 'Asia/Riyadh', 'Nora', 'Al-Harbi', 'najdcareers.example'],
  uk: ['Lantern Row Search', 'United Kingdom', 'GB', 'Europe/London', 'Oliver', 'Hughes', 'lanternrow.example'],
  ae: ['Gulf Crescent Talent', 'United Arab Emirates', 'AE', 'Asia/Dubai', 'Omar', 'Haddad', 'gulfcrescent.example'],
  sg: ['Orchid Quay Recruitment', 'Singapore', 'SG', 'Asia/Singapore', 'Mei Ling', 'Tan', 'orchidquay.example'],
}

/** The seeded organization of a data center. */
export function organizationOf(dataCenter: DataCenterId): Organization {
  const [name, place, countryCode, timeZone, firstName, lastName, mailDomain] = rows[dataCenter]
  const number = Object.keys(rows).indexOf(dataCenter) + 1
  const mailbox = `${firstName}.${lastName}`.toLowerCase().replaceAll(/[^a-z.]/g, '')
  const user = { id: `${700_100_000 + number * 1117}`, firstName, lastName, email: `${mailbox}@${mailDomain}` }
  return { dataCenter, id: `${60_001_000_000 + number * 7919}`, name, place, countryCode, timeZone, user }
}

/**
 * Who can sign in at an accounts server, its own user first. `us` is the universal entry, where the users of all data centers can;
 * China's must start at their own (https://www.zoho.com/recruit/developer-guide/apiv2/auth-request.html).
 */
export function usersWhoSignIn(at: DataCenterId, standing: readonly DataCenterId[]): Organization[] {
  const others = at === 'us' ? standing.filter((id) => id !== 'us' && id !== 'cn') : []
  return [at, ...others].map(organizationOf)
}
