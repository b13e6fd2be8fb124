import type { Provenance } from './data-center-provenance.ts'

/** An entry of the catalogue: a scope without its operation. */
export interface ScopeEntry {
  /** In the spelling that most of Zoho's pages use. */
  readonly scope: string
  readonly operations: readonly ScopeOperation[]
  /** Zoho's page that names the scope. Absent if only other clients use it. */
  readonly page?: string
  readonly provenance: Provenance
}

export type ScopeOperation = 'ALL' | 'READ' | 'WRITE' | 'CREATE' | 'UPDATE' | 'DELETE'

const readOperations = ['ALL', 'READ'] as const
/** The operations of the page oauth-overview. */
const everyOperation = ['ALL', 'READ', 'CREATE', 'UPDATE', 'DELETE'] as const
/**
 * The operations on records, from the pages get-records, insert-records, update-records and
 * delete-records. All three pages that write name `WRITE` beside their own operation.
 */
const recordOperations = [...everyOperation, 'WRITE'] as const

const pageOf = <const Page extends string>(page: Page) =>
  ({
    page: `https://www.zoho.com/recruit/developer-guide/apiv2/${page}.html`,
    provenance: 'documented',
  }) as const

/** Scopes that are only known from other clients. */
const observed = { provenance: 'observed' } as const

/**
 * The scopes of Zoho Recruit. If Zoho does not know a scope, it shows an error page without a
 * redirect, so the app does not learn of it. Nothing here was tried at Zoho. The pages
 * contradict each other: both `settings.modules` and `setup.operation` are named for the metadata
 * of modules, and both `custommodule` and `custom` for custom modules. Some clients report that
 * data centers refuse `org.ALL`, `modules.ALL` or `modules.notes.ALL`.
 */
export const scopeCatalog = /* @__PURE__ */ (() => {
  const overview = pageOf('oauth-overview')
  const settings = { operations: readOperations, ...overview }
  const records = { operations: recordOperations, ...pageOf('get-records') }
  const upserted = { operations: recordOperations, ...pageOf('upsert-records') }
  /** The older API names the scopes of all its modules on each page. */
  const v1 = {
    operations: readOperations,
    page: 'https://help.zoho.com/portal/kb/articles/uploadfile',
    provenance: 'documented',
  } as const
  return [
    { scope: 'ZohoRecruit.users', operations: readOperations, ...pageOf('get-users') },
    { scope: 'ZohoRecruit.org', operations: ['ALL'], ...pageOf('get-org-data') },
    { scope: 'ZohoRecruit.org', operations: ['READ'], ...observed },

    { scope: 'ZohoRecruit.settings', ...settings },
    { scope: 'ZohoRecruit.settings.modules', ...settings },
    { scope: 'ZohoRecruit.settings.fields', ...settings },
    { scope: 'ZohoRecruit.settings.layouts', ...settings },
    { scope: 'ZohoRecruit.settings.custom_views', ...settings },
    { scope: 'ZohoRecruit.settings.related_lists', ...settings },
    {
      scope: 'ZohoRecruit.settings.profiles',
      operations: readOperations,
      ...pageOf('get-profiles'),
    },
    { scope: 'ZohoRecruit.settings.roles', operations: readOperations, ...pageOf('get-roles') },
    { scope: 'ZohoRecruit.setup.operation', operations: readOperations, ...pageOf('modules-api') },

    { scope: 'ZohoRecruit.modules', operations: everyOperation, ...overview },
    { scope: 'ZohoRecruit.modules.candidate', ...records },
    { scope: 'ZohoRecruit.modules.application', ...records },
    { scope: 'ZohoRecruit.modules.jobopening', ...records },
    { scope: 'ZohoRecruit.modules.interview', ...records },
    { scope: 'ZohoRecruit.modules.client', ...records },
    { scope: 'ZohoRecruit.modules.contact', ...records },
    { scope: 'ZohoRecruit.modules.review', ...records },
    { scope: 'ZohoRecruit.modules.department', ...records },
    { scope: 'ZohoRecruit.modules.task', ...records },
    { scope: 'ZohoRecruit.modules.event', ...records },
    { scope: 'ZohoRecruit.modules.vendor', ...records },
    { scope: 'ZohoRecruit.modules.campaign', ...records },
    { scope: 'ZohoRecruit.modules.submission', ...records },
    { scope: 'ZohoRecruit.modules.custommodule', ...records },
    {
      scope: 'ZohoRecruit.modules.custom',
      operations: recordOperations,
      ...pageOf('update-records'),
    },
    { scope: 'ZohoRecruit.modules.call', ...upserted },
    { scope: 'ZohoRecruit.modules.assessment', ...upserted },
    {
      scope: 'ZohoRecruit.modules.notes',
      operations: recordOperations,
      ...pageOf('delete-notes'),
    },
    { scope: 'ZohoRecruit.modules.activities', operations: everyOperation, ...overview },
    { scope: 'ZohoRecruit.modules.candidatestatus', ...settings },
    { scope: 'ZohoRecruit.modules.jobopeningstatus', ...settings },
    { scope: 'ZohoRecruit.modules.interviewstatus', ...v1 },
    { scope: 'ZohoRecruit.modules.referral', ...v1 },
    { scope: 'ZohoRecruit.modules.offer', ...v1 },
    { scope: 'ZohoRecruit.modules.forecast', ...v1 },
    { scope: 'ZohoRecruit.modules.attachment', ...v1 },
    { scope: 'ZohoRecruit.modules.note', ...v1 },

    {
      scope: 'ZohoRecruit.modules.attachments',
      operations: ['ALL'],
      ...pageOf('get-attachments'),
    },
    { scope: 'ZohoRecruit.bulk', operations: readOperations, ...pageOf('bulk-read/create-job') },
    { scope: 'ZohoRecruit.bulk', operations: ['CREATE'], ...pageOf('bulk-write/create-job') },
    { scope: 'ZohoFiles.files', operations: ['ALL'], ...pageOf('bulk-write/upload-file') },
    { scope: 'ZohoSearch.securesearch', operations: ['READ'], ...pageOf('search-records') },

    { scope: 'ZohoRecruit.search', operations: ['READ'], ...observed },
    { scope: 'ZohoRecruit.coql', operations: ['READ'], ...observed },
    { scope: 'ZohoRecruit.notifications', operations: ['ALL'], ...observed },
    { scope: 'ZohoRecruit.functions.execute', operations: ['READ', 'CREATE'], ...observed },
  ] as const satisfies readonly ScopeEntry[]
})()

type Entry = (typeof scopeCatalog)[number]

/** Zoho's pages write `ZohoRecruit` and `ZohoRECRUIT`. */
type Spellings<Scope extends string> =
  Scope | (Scope extends `ZohoRecruit.${infer Rest}` ? `ZohoRECRUIT.${Rest}` : never)

/** Zoho's pages write operations in capitals and in lower case. */
type ScopesOf<E extends Entry> = E extends Entry
  ? `${Spellings<E['scope']>}.${E['operations'][number] | Lowercase<E['operations'][number]>}`
  : never

/** Every scope of the catalogue, in the spellings that Zoho's pages use. */
export type CatalogScope = ScopesOf<Entry>

type ModulesWith<E extends Entry, Operation> = E extends Entry
  ? Operation extends E['operations'][number]
    ? E['scope'] extends `ZohoRecruit.modules.${infer Name}`
      ? Name
      : never
    : never
  : never

/** The modules whose records can be read, as their scopes name them. */
export type ReadableModule = ModulesWith<Entry, 'READ'>

/** The modules whose records can be read and written. */
export type RecruitModule = ModulesWith<Entry, 'WRITE'>
