import type { Operation } from './scopes.ts'

/** A scope of Zoho without its operation, and the operations that exist for it. */
interface CatalogEntry {
  /** In the letter case of Zoho's page. */
  readonly scope: string
  readonly operations: readonly Uppercase<Operation>[]
  /** Whether a page of Zoho names the scope, or only other clients use it. */
  readonly source: 'documentation' | 'other clients'
}

const readable = ['ALL', 'READ'] as const
const writable = ['ALL', 'READ', 'CREATE', 'UPDATE', 'DELETE'] as const
/** `WRITE` is on the pages insert-records, update-records, upsert-records and delete-records. */
const records = [...writable, 'WRITE'] as const

function documented(
  operations: CatalogEntry['operations'],
  ...scopes: readonly string[]
): CatalogEntry[] {
  return scopes.map((scope) => ({ scope, operations, source: 'documentation' }))
}

function usedByOtherClients(
  operations: CatalogEntry['operations'],
  ...scopes: readonly string[]
): CatalogEntry[] {
  return scopes.map((scope) => ({ scope, operations, source: 'other clients' }))
}

const modulesOf = (...names: readonly string[]) =>
  names.map((name) => `ZohoRecruit.modules.${name}`)

/**
 * Every scope that the emulator knows. `modules.candidates`, and `modules.note` with `WRITE` and
 * `CREATE`, are left out, because only the page upsert-records names them. Unless noted, a page is
 * `https://www.zoho.com/recruit/developer-guide/apiv2/<page>.html`.
 */
export const scopeCatalog: readonly CatalogEntry[] = [
  // get-users, get-org-data (which names only ALL; three other clients use READ).
  ...documented(readable, 'ZohoRecruit.users', 'ZohoRecruit.org'),
  // oauth-overview, get-profiles, get-roles. modules-api requires setup.operation.
  ...documented(
    readable,
    'ZohoRecruit.settings',
    'ZohoRecruit.settings.profiles',
    'ZohoRecruit.settings.roles',
    'ZohoRecruit.settings.modules',
    'ZohoRecruit.settings.custom_views',
    'ZohoRecruit.settings.related_lists',
    'ZohoRecruit.settings.fields',
    'ZohoRecruit.settings.layouts',
    'ZohoRecruit.setup.operation',
  ),
  // oauth-overview: the scope of all modules.
  ...documented(writable, 'ZohoRecruit.modules'),
  // get-records, insert-records, update-records, delete-records.
  ...documented(
    records,
    ...modulesOf(
      'candidate',
      'application',
      'jobopening',
      'interview',
      'client',
      'contact',
      'review',
      'department',
      'task',
      'event',
      'vendor',
      'campaign',
      'submission',
      'custommodule',
    ),
  ),
  // upsert-records (call, assessment), update-records (custom), delete-notes.
  ...documented(records, ...modulesOf('call', 'custom', 'notes', 'assessment')),
  // oauth-overview.
  ...documented(writable, ...modulesOf('activities')),
  // The page changestatus of the older API.
  ...documented(readable, ...modulesOf('candidatestatus', 'jobopeningstatus', 'interviewstatus')),
  // https://help.zoho.com/portal/kb/articles/uploadfile, of the older API.
  ...documented(readable, ...modulesOf('referral', 'offer', 'forecast', 'attachment', 'note')),
  // get-attachments.
  ...documented(['ALL'], ...modulesOf('attachments')),
  // bulk-read/create-job, bulk-write/create-job.
  ...documented(['ALL', 'READ', 'CREATE'], 'ZohoRecruit.bulk'),
  // search-records, bulk-write/upload-file.
  ...documented(['READ'], 'ZohoSearch.securesearch'),
  ...documented(['ALL'], 'ZohoFiles.files'),
  ...usedByOtherClients(['READ'], 'ZohoRecruit.search'),
  ...usedByOtherClients(['READ', 'CREATE'], 'ZohoRecruit.functions.execute'),
  ...usedByOtherClients(['ALL'], 'ZohoRecruit.notifications'),
  ...usedByOtherClients(['READ'], 'ZohoRecruit.coql'),
]
