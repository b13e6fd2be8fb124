import type { DataCenterId } from '../data-centers.ts'

/** An organization at a data center. */
export interface Organization {
  readonly dataCenter: DataCenterId
  /** Zoho's id of the organization (ZGID). */
  readonly id: string
  readonly name: string
  /** The name of the data center's region. */
  readonly place: string
  readonly countryCode: string
  readonly timeZone: string
  /** The domain of its users' e-mail addresses. */
  readonly mailDomain: string
}

/** A Zoho user who can sign in, with their organization. */
export interface User {
  /** Zoho's id of the user (ZUID). */
  readonly id: string
  readonly firstName: string
  readonly lastName: string
  readonly email: string
  readonly organization: Organization
}

type Row = readonly [
  name: string,
  place: string,
  countryCode: string,
  timeZone: string,
  firstName: string,
  lastName: string,
  mailDomain: string,
]

const rows: Readonly<Record<DataCenterId, Row>> = {
  us: [
    'Harbor & Pine Staffing',
    'United States',
    'US',
    'America/New_York',
    'Maya',
    'Brooks',
    'harborpine.example',
  ],
  eu: [
    'Rheinbogen Personal',
    'Europe',
    'DE',
    'Europe/Berlin',
    'Lena',
    'Vogel',
    'rheinbogen.example',
  ],
  in: [
    'Saffron Bridge Talent',
    'India',
    'IN',
    'Asia/Kolkata',
    'Arjun',
    'Mehta',
    'saffronbridge.example',
  ],
  au: [
    'Wattle Street Recruiting',
    'Australia',
    'AU',
    'Australia/Sydney',
    'Isla',
    'Morgan',
    'wattlestreet.example',
  ],
  jp: ['Aoba Jinzai', 'Japan', 'JP', 'Asia/Tokyo', 'Haruka', 'Sato', 'aobajinzai.example'],
  cn: ['Qingshan Talent', 'China', 'CN', 'Asia/Shanghai', 'Wei', 'Zhang', 'qingshan.example'],
  ca: [
    'Maple Ridge People',
    'Canada',
    'CA',
    'America/Toronto',
    'Chloe',
    'Tremblay',
    'mapleridge.example',
  ],
  sa: [
    'Najd Careers',
    'Saudi Arabia',
    'SA',
    'Asia/Riyadh',
    'Nora',
    'Al-Harbi',
    'najdcareers.example',
  ],
  uk: [
    'Lantern Row Search',
    'United Kingdom',
    'GB',
    'Europe/London',
    'Oliver',
    'Hughes',
    'lanternrow.example',
  ],
  ae: [
    'Gulf Crescent Talent',
    'United Arab Emirates',
    'AE',
    'Asia/Dubai',
    'Omar',
    'Haddad',
    'gulfcrescent.example',
  ],
  sg: [
    'Orchid Quay Recruitment',
    'Singapore',
    'SG',
    'Asia/Singapore',
    'Mei Ling',
    'Tan',
    'orchidquay.example',
  ],
}

/** The default user of a data center, in its default organization. */
export function defaultUser(dataCenter: DataCenterId): User {
  const [name, place, countryCode, timeZone, firstName, lastName, mailDomain] = rows[dataCenter]
  // The steps between the ids leave room for added users and organizations.
  const number = Object.keys(rows).indexOf(dataCenter) + 1
  const organization = {
    dataCenter,
    id: `${60_001_000_000 + number * 7919}`,
    name,
    place,
    countryCode,
    timeZone,
    mailDomain,
  }
  return {
    id: `${700_100_000 + number * 1117}`,
    firstName,
    lastName,
    email: `${mailboxName(firstName, lastName)}@${mailDomain}`,
    organization,
  }
}

/** The local part of an e-mail address: the plain letters of both names, joined by a dot. */
export function mailboxName(firstName: string, lastName: string): string {
  return `${firstName}.${lastName}`.toLowerCase().replaceAll(/[^a-z.]/g, '')
}
