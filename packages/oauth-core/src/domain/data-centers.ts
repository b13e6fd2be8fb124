/** A Zoho region with its own accounts server. Every address is an origin without a trailing slash, `recruitApi` with its path. */
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

/** The data centers a client knows: a closed table. A host that is not in it gets no secret and no token. */
export type DataCenters = Readonly<Record<DataCenterId, DataCenter>>

/** How an address came to be known: `documented` by Zoho, `observed` on the wire by others, `assumed` from the pattern. */
type Provenance = 'documented' | 'observed' | 'assumed'

interface TableEntry extends DataCenter {
  readonly provenance: { readonly accountsServer: Provenance; readonly apiDomain: Provenance; readonly recruitApi: Provenance }
}

const entry = (zoho: string, apis: string, accountsServer: Provenance, apiDomain: Provenance, recruitApi: Provenance): TableEntry => ({
  accountsServer: `https://accounts.${zoho}`,
  apiDomain: `https://www.${apis}`,
  recruitApi: `https://recruit.${zoho}/recruit/v2`,
  provenance: { accountsServer, apiDomain, recruitApi },
})

/**
 * Zoho's data centers. Recruit's API is at `recruit.zoho.*`, not at the API domain that token answers name: Zoho's
 * pages say both, and `www.zohoapis.*` answered 404 when probed in September 2026.
 *
 * @see https://www.zoho.com/recruit/developer-guide/apiv2/access-refresh.html (accounts servers: us au eu in ca sa cn jp)
 * @see https://www.zoho.com/accounts/protocol/oauth/multi-dc.html (uk)
 * @see https://www.zoho.com/recruit/developer-guide/apiv2/whats-new.html (Recruit hosts: us eu cn in jp)
 */
export const zohoDataCenters = {
  us: entry('zoho.com', 'zohoapis.com', 'documented', 'documented', 'documented'),
  eu: entry('zoho.eu', 'zohoapis.eu', 'documented', 'documented', 'documented'),
  in: entry('zoho.in', 'zohoapis.in', 'documented', 'documented', 'documented'),
  au: entry('zoho.com.au', 'zohoapis.com.au', 'documented', 'documented', 'observed'),
  jp: entry('zoho.jp', 'zohoapis.jp', 'documented', 'documented', 'documented'),
  /** Consent of a user in China must start here; the others can start at `us`. */
  cn: entry('zoho.com.cn', 'zohoapis.com.cn', 'documented', 'documented', 'documented'),
  /** Canada is on zohocloud.ca; accounts.zoho.ca does not exist. */
  ca: entry('zohocloud.ca', 'zohoapis.ca', 'documented', 'documented', 'observed'),
  sa: entry('zoho.sa', 'zohoapis.sa', 'documented', 'documented', 'observed'),
  uk: entry('zoho.uk', 'zohoapis.uk', 'documented', 'assumed', 'assumed'),
  ae: entry('zoho.ae', 'zohoapis.ae', 'observed', 'assumed', 'observed'),
  sg: entry('zoho.sg', 'zohoapis.sg', 'assumed', 'assumed', 'observed'),
} as const satisfies Record<string, TableEntry>

/** Ids of Zoho's own data centers. */
export type ZohoDataCenterId = keyof typeof zohoDataCenters
