/**
 * A Zoho region with its own accounts server. Every address is an origin without a trailing slash.
 * Only `recruitApi` has a path after the origin.
 */
export interface DataCenter {
  /** The server where users give consent, and which issues codes and tokens. */
  readonly accountsServer: string
  /** The `api_domain` of token responses. For diagnosis only: the Recruit API is not there. */
  readonly apiDomain: string
  /** Base URL of the Recruit API. */
  readonly recruitApi: string
}

/** The id of a data center: the parameter `location` of Zoho's callback. */
export type DataCenterId = string

/**
 * The data centers that a client knows. Secrets and tokens are sent only to the addresses in this
 * table.
 */
export type DataCenters = Readonly<Record<DataCenterId, DataCenter>>

const dataCenterAt = (ending: string, zoho = 'zoho'): DataCenter => ({
  accountsServer: `https://accounts.${zoho}.${ending}`,
  apiDomain: `https://www.zohoapis.${ending}`,
  recruitApi: `https://recruit.${zoho}.${ending}/recruit/v2`,
})

/**
 * Zoho's data centers. `dataCenterProvenance` has the source of each address. The Recruit API is at
 * `recruit.zoho.*` and not at the API domain of the token responses. Zoho's pages name both hosts,
 * but `www.zohoapis.*` answered 404 in September 2026.
 */
export const zohoDataCenters = {
  us: dataCenterAt('com'),
  eu: dataCenterAt('eu'),
  in: dataCenterAt('in'),
  au: dataCenterAt('com.au'),
  jp: dataCenterAt('jp'),
  /** The consent of users in China must start here. Others can start at `us`. */
  cn: dataCenterAt('com.cn'),
  /** Canada uses zohocloud.ca. accounts.zoho.ca does not exist. */
  ca: dataCenterAt('ca', 'zohocloud'),
  sa: dataCenterAt('sa'),
  uk: dataCenterAt('uk'),
  ae: dataCenterAt('ae'),
  sg: dataCenterAt('sg'),
} as const satisfies Record<string, DataCenter>

/** Ids of Zoho's own data centers. */
export type ZohoDataCenterId = keyof typeof zohoDataCenters
