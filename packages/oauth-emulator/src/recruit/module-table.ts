import { listCandidates, listJobOpenings, type RecruitRecord } from '../seed/records.ts'
import type { Organization } from '../seed/organizations.ts'
import type { Operation, Scope } from '../scopes.ts'

/** A module of Recruit. */
export interface RecruitModule {
  /** The name in the path. */
  readonly name: string
  /** The name of its scope: `candidate` of `ZohoRecruit.modules.candidate`. */
  readonly scopeName: string
  /** Fields without which a record is not created. Unverified, except for candidates. */
  readonly mandatoryFields: readonly string[]
  /**
   * The system-defined field by which an upsert finds existing records
   * (https://www.zoho.com/recruit/api-new/api-methods/addRecordsMethod.html).
   */
  readonly duplicateCheckField?: string
  /** Whether `Full_Name` is composed of the first and the last name. */
  readonly hasFullName?: true
  /** The records of the default organization of a data center. */
  seed?(organization: Organization): readonly RecruitRecord[]
}

const table: readonly RecruitModule[] = [
  {
    name: 'Candidates',
    scopeName: 'candidate',
    mandatoryFields: ['Last_Name'],
    duplicateCheckField: 'Email',
    hasFullName: true,
    seed: listCandidates,
  },
  {
    name: 'Job_Openings',
    scopeName: 'jobopening',
    mandatoryFields: ['Posting_Title'],
    seed: listJobOpenings,
  },
  { name: 'Applications', scopeName: 'application', mandatoryFields: [] },
  { name: 'Interviews', scopeName: 'interview', mandatoryFields: [] },
  { name: 'Departments', scopeName: 'department', mandatoryFields: [] },
  {
    name: 'Clients',
    scopeName: 'client',
    mandatoryFields: ['Client_Name'],
    duplicateCheckField: 'Client_Name',
  },
  {
    name: 'Contacts',
    scopeName: 'contact',
    mandatoryFields: ['Last_Name'],
    duplicateCheckField: 'Email',
    hasFullName: true,
  },
  { name: 'Campaigns', scopeName: 'campaign', mandatoryFields: [] },
  { name: 'Referrals', scopeName: 'referral', mandatoryFields: [] },
  { name: 'Tasks', scopeName: 'task', mandatoryFields: [] },
  { name: 'Events', scopeName: 'event', mandatoryFields: [] },
  { name: 'Vendors', scopeName: 'vendor', mandatoryFields: [] },
]

/** The emulated modules, by the name in the path. */
export const modules: ReadonlyMap<string, RecruitModule> = new Map(
  table.map((module) => [module.name, module]),
)

/** The scope for an operation on the records of a module. */
export function moduleScope({ scopeName }: RecruitModule, operation: Operation): Scope {
  return { name: `zohorecruit.modules.${scopeName}`, operation }
}
