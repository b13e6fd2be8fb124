/**
 * A Zoho region with its own accounts server. Every address is an origin without a trailing slash,
 * `recruitApi` with its path.
 */
export interface DataCenter {
  /** Where this data center's users consent, and where codes and tokens go. */
  readonly accountsServer: string
  /** The API domain that token answers name. Kept for diagnosis: Recruit is not served there. */
  readonly apiDomain: string
  /** Base of the Recruit API. */
  readonly recruitApi: string
}

/** The id of a data center: what Zoho's callback calls `location`. */
export type DataCenterId = string

/**
 * The data centers a client knows: a closed table. A host that is not in it gets no secret and no
 * token.
 */
export type DataCenters = Readonly<Record<DataCenterId, DataCenter>>

const at = (ending: string, zoho = 'zoho'): DataCenter => ({
  accountsServer: `https://accounts.${zoho}.${ending}`,
  apiDomain: `https://www.zohoapis.${ending}`,
  recruitApi: `https://recruit.${zoho}.${ending}/recruit/v2`,
})

/**
 * Zoho's data centers; `dataCenterProvenance` says how each address is known. Recruit's API is at
 * `recruit.zoho.*`, not at the API domain that token answers name: Zoho's pages say both, and
 * `www.zohoapis.*` answered 404 when probed in September 2026.
 */
export const zohoDataCenters = {
  us: at('com'),
  eu: at('eu'),
  in: at('in'),
  au: at('com.au'),
  jp: at('jp'),
  /** Consent of a user in China must start here; the others can start at `us`. */
  cn: at('com.cn'),
  /** Canada is on zohocloud.ca; accounts.zoho.ca does not exist. */
  ca: at('ca', 'zohocloud'),
  sa: at('sa'),
  uk: at('uk'),
  ae: at('ae'),
  sg: at('sg'),
} as const satisfies Record<string, DataCenter>

/** Ids of Zoho's own data centers. */
export type ZohoDataCenterId = keyof typeof zohoDataCenters
