import type { Operation, Scope } from '../../scopes.ts'
import { refuseScope } from '../authenticate.ts'
import type { RecruitCall, RecruitOperations } from '../call.ts'
import { modules, moduleScope } from '../module-table.ts'
import { downloadResult, findJob } from './jobs.ts'
import { createReadJob, readReadJob } from './read-jobs.ts'
import { createWriteJob, readWriteJob } from './write-jobs.ts'

const bulkScope = (operation: Operation): Scope => ({ name: 'zohorecruit.bulk', operation })

/** The operations of `/recruit/bulk/v2/read` and `/recruit/bulk/v2/write`. */
export const bulkOperations: Readonly<Record<'read' | 'write', RecruitOperations>> = {
  read: { POST: { scopes: [bulkScope('read')], run: createReadJob } },
  write: { POST: { scopes: [bulkScope('create')], run: createWriteJob } },
}

/** The operations of `/recruit/bulk/v2/{kind}/{job}`. */
export function jobOperations(kind: 'read' | 'write', id: string): RecruitOperations {
  if (kind === 'write')
    return { GET: { scopes: [bulkScope('create')], run: (call) => readWriteJob(call, id) } }
  return {
    GET: {
      scopes: [bulkScope('read')],
      run: (call) => refuseModule(call, id) ?? readReadJob(call, id),
    },
  }
}

/** The operations of `/recruit/bulk/v2/{kind}/{job}/result`. */
export function resultOperations(kind: 'read' | 'write', id: string): RecruitOperations {
  const scopes = [bulkScope(kind === 'read' ? 'read' : 'create')]
  const run = (call: RecruitCall) =>
    (kind === 'read' ? refuseModule(call, id) : undefined) ?? downloadResult(call, kind, id)
  return { GET: { scopes, run } }
}

/**
 * The pages of a job's details and result name one scope or the other; the page for creating a job
 * names both. The emulator requires both.
 */
function refuseModule(call: RecruitCall, id: string): Response | undefined {
  const job = findJob(call, 'read', id)
  const module = job === undefined ? undefined : modules.get(job.module)
  return module === undefined ? undefined : refuseScope(call.access, moduleScope(module, 'read'))
}
