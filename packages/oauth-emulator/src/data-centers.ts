/**
 * The data centers that the emulator supports, named by the `location` parameter of their
 * callbacks. Sources: https://www.zoho.com/accounts/protocol/oauth/multi-dc.html and Recruit's
 * access-refresh.html. Authors of other clients report `ae` and `sg`.
 */
export const dataCenterIds = [
  'us',
  'eu',
  'in',
  'au',
  'jp',
  'cn',
  'ca',
  'sa',
  'uk',
  'ae',
  'sg',
] as const

export type DataCenterId = (typeof dataCenterIds)[number]

/** The addresses of one emulated data center. */
export interface DataCenterAddresses {
  /** Origin of the accounts server, without a trailing slash. */
  readonly accountsServer: string
  /**
   * Origin of the server that stands for `www.zohoapis.<tld>`. The token endpoint returns this
   * origin as `api_domain`. The server does not serve Recruit.
   */
  readonly apiDomain: string
  /** Base URL of the Recruit API. It ends in `/recruit/v2`. */
  readonly recruitApi: string
}

/** The three servers of a data center, in the order of their ports. */
export const serverRoles = ['accountsServer', 'recruitApi', 'apiDomain'] as const

export type ServerRole = (typeof serverRoles)[number]

/** The origin of each server of a data center. */
export type Origins = Readonly<Record<ServerRole, string>>

/**
 * Origins for in-process use, where no port is open. Names under `.localhost` always resolve to
 * this machine (RFC 6761 section 6.3).
 */
export function inProcessOrigins(id: DataCenterId): Origins {
  return {
    accountsServer: `http://accounts.${id}.emulator.localhost`,
    recruitApi: `http://recruit.${id}.emulator.localhost`,
    apiDomain: `http://api.${id}.emulator.localhost`,
  }
}

export function addressesAt(origins: Origins): DataCenterAddresses {
  return {
    accountsServer: origins.accountsServer,
    apiDomain: origins.apiDomain,
    recruitApi: `${origins.recruitApi}/recruit/v2`,
  }
}

/** Whether a string is the id of a data center that the emulator supports. */
export function isDataCenterId(text: string): text is DataCenterId {
  return dataCenterIds.some((id) => id === text)
}
