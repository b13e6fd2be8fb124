/**
 * The data centers that the emulator knows, by the `location` of their callbacks.
 * https://www.zoho.com/accounts/protocol/oauth/multi-dc.html and Recruit's access-refresh.html;
 * `ae` and `sg` by others' reports.
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

/** Where one emulated data center is reached. */
export interface DataCenterAddresses {
  /** Origin of the accounts server, without a trailing slash. */
  readonly accountsServer: string
  /**
   * Origin of the `www.zohoapis` stand-in: what the token endpoint calls `api_domain`. It does not
   * serve Recruit.
   */
  readonly apiDomain: string
  /** Base of the Recruit API, ending in `/recruit/v2`. */
  readonly recruitApi: string
}

/** The three servers of a data center, in the order of their ports. */
export const serverRoles = ['accountsServer', 'recruitApi', 'apiDomain'] as const

export type ServerRole = (typeof serverRoles)[number]

/** The origins of one data center's servers, by role. */
export type Origins = Readonly<Record<ServerRole, string>>

/**
 * Origins for use in process, where no port is opened. `.localhost` never leaves the machine (RFC
 * 6761 section 6.3).
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

/** Whether a string names a data center that the emulator knows. */
export function isDataCenterId(text: string): text is DataCenterId {
  return dataCenterIds.some((id) => id === text)
}
