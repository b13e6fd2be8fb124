import type { EpochMs } from '../../clock.ts'
import type { AccessToken } from '../../ledger/ledger.ts'
import type { Organization } from '../../seed/organizations.ts'
import { nameAndId, type RecruitCall } from '../call.ts'
import { countDownload } from '../limits.ts'
import { file, noContent, recruitError, recruitTime } from '../responses.ts'

const jobStates = ['ADDED', 'IN PROGRESS', 'COMPLETED'] as const

export type JobState = (typeof jobStates)[number]

/** A job of the bulk API. */
export interface BulkJob {
  readonly id: string
  readonly kind: 'read' | 'write'
  /** The name of the module. */
  readonly module: string
  readonly organization: Organization
  readonly access: AccessToken
  readonly createdAt: EpochMs
  /**
   * The number of requests for the job. The first one answers `ADDED`, the second one
   * `IN PROGRESS`. The third one does the work, and it and all others answer `COMPLETED`.
   */
  polls: number
  /** Does the work. It is called once. */
  complete(): JobResult
  /** Describes the job for a response. */
  describe(state: JobState, result: JobResult | undefined): Readonly<Record<string, unknown>>
  result: JobResult | undefined
}

/** The result of a job. */
export interface JobResult {
  /** A ZIP archive with a CSV file. */
  readonly archive: Uint8Array<ArrayBuffer>
  /** Members of the job's description that are known only at its end. */
  readonly details: Readonly<Record<string, unknown>>
}

type NewJob = Pick<BulkJob, 'kind' | 'module' | 'complete' | 'describe'>

/** Stores a new job. */
export function addJob({ state, organization, access }: RecruitCall, job: NewJob): BulkJob {
  const added: BulkJob = {
    ...job,
    id: state.recruit.nextId(organization),
    organization,
    access,
    createdAt: state.clock.now(),
    polls: 0,
    result: undefined,
  }
  state.recruit.jobs.set(added.id, added)
  return added
}

/** Finds a job of the call's organization. */
export function findJob(
  { state, organization }: RecruitCall,
  kind: BulkJob['kind'],
  id: string,
): BulkJob | undefined {
  const job = state.recruit.jobs.get(id)
  return job?.kind === kind && job.organization.id === organization.id ? job : undefined
}

/** Advances a job by one request, and describes it. */
export function pollJob(job: BulkJob): Readonly<Record<string, unknown>> {
  const state = jobStates[Math.min(job.polls, jobStates.length - 1)] ?? 'COMPLETED'
  job.polls += 1
  if (state === 'COMPLETED') job.result ??= job.complete()
  return job.describe(state, job.result)
}

/** `GET …/{job}/result`: the archive. The response before the end of the job is unverified. */
export function downloadResult(call: RecruitCall, kind: BulkJob['kind'], id: string): Response {
  const job = findJob(call, kind, id)
  if (job === undefined) return noContent()
  if (job.result === undefined) return recruitError(400, 'INVALID_DATA', 'The job is not completed')
  const exceeded = countDownload(call.state, call.organization)
  return exceeded ?? file(job.result.archive, 'application/zip', `${job.id}.zip`)
}

/** The path of the result, on the same host. */
export function downloadUrl({ kind, id }: BulkJob): string {
  return `/recruit/bulk/v2/${kind}/${id}/result`
}

/** The members that describe who created a job, and when. */
export function creation({ access, createdAt }: BulkJob) {
  return { created_by: nameAndId(access.user), created_time: recruitTime(createdAt) }
}
