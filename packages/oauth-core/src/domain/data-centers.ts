import { RecruitOAuthError } from '../errors/recruit-oauth-error.ts'

/**
 * A Zoho region with its own accounts server, or its sandbox. `recruitApi` and `sandboxApi` are
 * URLs with a path. The other addresses are origins.
 */
export interface DataCenter {
  /** The server where users give consent, and which issues codes and tokens. */
  readonly accountsServer: string
  /** The `api_domain` of token responses. For diagnosis only: the Recruit API is not there. */
  readonly apiDomain: string
  /**
   * Base URL of the Recruit v2 API. The bulk API is at the same server, at `/recruit/bulk/v2`.
   * @see https://www.zoho.com/recruit/developer-guide/apiv2/bulk-read/create-job.html
   */
  readonly recruitApi: string
  /**
   * The server that receives the files of a bulk write. Without it, files cannot be uploaded.
   * @see https://www.zoho.com/recruit/developer-guide/apiv2/bulk-write/upload-file.html
   */
  readonly uploadServer?: string | undefined
  /**
   * Base URL of the Recruit API of sandboxes. It is not called for this entry: `sandboxOf` makes an
   * entry of its own from it.
   */
  readonly sandboxApi?: string | undefined
  /**
   * Is this entry a sandbox? A consent that starts at a sandbox ends at one, and other consents do
   * not. `sandboxOf` sets it. Default: `false`, and `true` for a further entry with the same
   * accounts server as one that is no sandbox. Entries with Zoho's own ids count as the first ones.
   */
  readonly sandbox?: boolean | undefined
}

/** A key of `dataCenters`. Zoho's own ids are the values of `location` in its callbacks. */
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
  uploadServer: `https://upload.${zoho}.${ending}`,
  sandboxApi: `https://recruitsandbox.${zoho}.${ending}/recruit/v2`,
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

/**
 * The sandbox of a data center, as an entry of `dataCenters`. Users consent at the same accounts
 * server, but the tokens are for the sandbox. The address for `us` is known from another
 * client, and the others are assumed from the pattern. No upload server is known for sandboxes.
 *
 * ```ts
 * dataCenters: {
 *   'us-sandbox': sandboxOf(zohoDataCenters.us),
 *   'eu-sandbox': sandboxOf(zohoDataCenters.eu),
 * }
 * ```
 */
export const sandboxOf = ({ accountsServer, apiDomain, sandboxApi }: DataCenter): DataCenter => {
  if (sandboxApi === undefined)
    throw new RecruitOAuthError('configuration-invalid', {
      summary: 'The data center has no `sandboxApi`.',
    })
  return { accountsServer, apiDomain, recruitApi: sandboxApi, sandbox: true }
}
