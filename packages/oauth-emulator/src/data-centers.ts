/**
 * The data centers that the emulator supports. An id is the value of the parameter `location` that
 * Zoho adds to the callback for a user of this data center. Sources:
 * https://www.zoho.com/accounts/protocol/oauth/multi-dc.html and Recruit's access-refresh.html. `ae`
 * and `sg` are not on these pages; authors of other clients have seen them.
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
   * Origin of the emulated `www.zohoapis.<tld>`, which the token endpoint returns as `api_domain`.
   * The Recruit API is not available there; use `recruitApi`.
   */
  readonly apiDomain: string
  /** Base URL of the Recruit API. It ends in `/recruit/v2`. */
  readonly recruitApi: string
  /** Origin of the emulated `upload.zoho.<tld>`, which receives the files of the bulk write API. */
  readonly uploadServer: string
  /** Base URL of the Recruit API of the sandbox. It ends in `/recruit/v2`. */
  readonly sandboxApi: string
}

/**
 * The first three servers of a data center. With fixed ports, they have consecutive ports in this
 * order, one data center after the other.
 */
export const mainServerKinds = ['accountsServer', 'recruitApi', 'apiDomain'] as const

/** The other servers of a data center. Their ports follow those of all the main servers. */
export const otherServerKinds = ['uploadServer', 'sandboxApi'] as const

export type ServerKind = (typeof mainServerKinds)[number] | (typeof otherServerKinds)[number]

/** The origin of each server of a data center. */
export type Origins = Readonly<Record<ServerKind, string>>

/**
 * Origins for use in the process, without ports. Their names end in `.localhost`, so a request that
 * is sent over the network by mistake stays on this machine (RFC 6761 section 6.3).
 */
export function inProcessOrigins(id: DataCenterId): Origins {
  return {
    accountsServer: `http://accounts.${id}.emulator.localhost`,
    recruitApi: `http://recruit.${id}.emulator.localhost`,
    apiDomain: `http://api.${id}.emulator.localhost`,
    uploadServer: `http://upload.${id}.emulator.localhost`,
    sandboxApi: `http://recruitsandbox.${id}.emulator.localhost`,
  }
}

export function toAddresses(origins: Origins): DataCenterAddresses {
  return {
    accountsServer: origins.accountsServer,
    apiDomain: origins.apiDomain,
    recruitApi: `${origins.recruitApi}/recruit/v2`,
    uploadServer: origins.uploadServer,
    sandboxApi: `${origins.sandboxApi}/recruit/v2`,
  }
}

/** Whether a string is the id of a data center that the emulator supports. */
export function isDataCenterId(text: string): text is DataCenterId {
  return dataCenterIds.some((id) => id === text)
}
