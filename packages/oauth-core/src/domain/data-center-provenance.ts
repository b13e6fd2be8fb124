import type { DataCenter, ZohoDataCenterId } from './data-centers.ts'

/**
 * The source of an address: `documented` by Zoho, `observed` in use by others, or `assumed` from
 * the pattern of the other addresses.
 */
export type Provenance = 'documented' | 'observed' | 'assumed'

/** The members of a data center that are addresses. */
type Address = Exclude<keyof DataCenter, 'sandbox'>

/** By default, the upload server and the sandbox are assumed from the pattern. */
const sourcesOf = (
  accountsServer: Provenance,
  apiDomain: Provenance,
  recruitApi: Provenance,
  uploadServer: Provenance = 'assumed',
  sandboxApi: Provenance = 'assumed',
): Readonly<Record<Address, Provenance>> => ({
  accountsServer,
  apiDomain,
  recruitApi,
  uploadServer,
  sandboxApi,
})

/**
 * The source of each address in `zohoDataCenters`. It is not part of that table, so that an app's
 * bundle does not contain it.
 *
 * @see https://www.zoho.com/recruit/developer-guide/apiv2/access-refresh.html (accounts servers: us
 * au eu in ca sa cn jp)
 * @see https://www.zoho.com/accounts/protocol/oauth/multi-dc.html (uk)
 * @see https://www.zoho.com/recruit/developer-guide/apiv2/whats-new.html (Recruit hosts: us eu cn
 * in jp)
 * @see https://www.zoho.com/recruit/developer-guide/apiv2/bulk-write/upload-file.html (upload
 * server: us)
 */
export const dataCenterProvenance: Readonly<
  Record<ZohoDataCenterId, Readonly<Record<Address, Provenance>>>
> = {
  us: /* @__PURE__ */ sourcesOf('documented', 'documented', 'documented', 'documented', 'observed'),
  eu: /* @__PURE__ */ sourcesOf('documented', 'documented', 'documented'),
  in: /* @__PURE__ */ sourcesOf('documented', 'documented', 'documented'),
  au: /* @__PURE__ */ sourcesOf('documented', 'documented', 'observed'),
  jp: /* @__PURE__ */ sourcesOf('documented', 'documented', 'documented'),
  cn: /* @__PURE__ */ sourcesOf('documented', 'documented', 'documented'),
  ca: /* @__PURE__ */ sourcesOf('documented', 'documented', 'observed'),
  sa: /* @__PURE__ */ sourcesOf('documented', 'documented', 'observed'),
  uk: /* @__PURE__ */ sourcesOf('documented', 'assumed', 'assumed'),
  ae: /* @__PURE__ */ sourcesOf('observed', 'assumed', 'observed'),
  sg: /* @__PURE__ */ sourcesOf('assumed', 'assumed', 'observed'),
}
