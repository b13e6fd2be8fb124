import type { EpochMs } from '../clock.ts'
import type { Organization, User } from '../seed/organizations.ts'
import { recordId, type RecruitRecord } from '../seed/records.ts'
import type { BulkJob } from './bulk/jobs.ts'
import type { RecruitModule } from './module-table.ts'

/** A file that is attached to a record. */
export interface Attachment {
  readonly id: string
  readonly organizationId: string
  readonly module: string
  readonly recordId: string
  readonly name: string
  readonly type: string
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly createdAt: EpochMs
  readonly user: User
}

/** A file that was uploaded for the bulk write API. */
export interface UploadedFile {
  readonly id: string
  readonly organizationId: string
  /** The name and the content of the CSV file in the archive. */
  readonly name: string
  readonly csv: string
}

/** A number of credits or downloads that were used at a time. */
export interface Usage {
  readonly at: EpochMs
  readonly amount: number
}

/** The data that Recruit stores for all organizations. Organizations are named by their id. */
export interface RecruitData {
  /** The records of one module of one organization, by their id. */
  records(organization: Organization, module: RecruitModule): Map<string, RecruitRecord>
  readonly attachments: Map<string, Attachment>
  readonly uploads: Map<string, UploadedFile>
  readonly jobs: Map<string, BulkJob>
  /** Credits by organization. */
  readonly credits: Map<string, readonly Usage[]>
  /** Downloads of bulk results by organization. */
  readonly downloads: Map<string, readonly Usage[]>
  /** An id for a new record, attachment, file or job. */
  nextId(organization: Organization): string
  clear(): void
}

/** Ids of new records follow those of the seed. */
const firstNewNumber = 1000

export function createRecruitData(): RecruitData {
  const records = new Map<string, Map<string, RecruitRecord>>()
  const collections = {
    attachments: new Map<string, Attachment>(),
    uploads: new Map<string, UploadedFile>(),
    jobs: new Map<string, BulkJob>(),
    credits: new Map<string, readonly Usage[]>(),
    downloads: new Map<string, readonly Usage[]>(),
  }
  let created = 0
  return {
    ...collections,
    records(organization, module) {
      const key = `${organization.id} ${module.name}`
      const seed = () => module.seed?.(organization) ?? []
      const known = records.get(key) ?? new Map(seed().map((record) => [record.id, record]))
      records.set(key, known)
      return known
    },
    nextId({ dataCenter }) {
      created += 1
      return recordId(dataCenter, firstNewNumber + created)
    },
    clear() {
      for (const collection of [records, ...Object.values(collections)]) collection.clear()
      created = 0
    },
  }
}
