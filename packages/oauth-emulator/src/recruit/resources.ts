import type { RecruitOperations } from './call.ts'
import { moduleScope, type RecruitModule } from './module-table.ts'
import { handleOrganization, handleUsers } from './organization.ts'
import { listRecords, readRecord, splitList } from './record-reads.ts'
import { deleteRecords, insertRecords, updateRecords, upsertRecords } from './record-writes.ts'
import { searchRecords } from './search.ts'

/** search-records requires this scope in addition to the module's. */
const searchScope = { name: 'zohosearch.securesearch', operation: 'read' } as const

/** The operations of `/org` and `/users`; `undefined` for other paths. */
export function resourceOperations(resource: string): RecruitOperations | undefined {
  if (resource === 'org')
    return {
      GET: {
        scopes: [{ name: 'zohorecruit.org', operation: 'read' }],
        run: ({ state, access }) => handleOrganization(state, access),
      },
    }
  if (resource === 'users')
    return {
      GET: {
        scopes: [{ name: 'zohorecruit.users', operation: 'read' }],
        run: ({ state, access, parameters }) =>
          handleUsers(state.users, access.user, parameters.get('type') ?? 'AllUsers'),
      },
    }
  return undefined
}

/** The operations of `/{module}`. */
export function moduleOperations(module: RecruitModule): RecruitOperations {
  return {
    GET: {
      scopes: [moduleScope(module, 'read')],
      credits: 3,
      run: (call) => listRecords(call, module),
    },
    POST: {
      scopes: [moduleScope(module, 'create')],
      run: (call) => insertRecords(call, module),
    },
    PUT: {
      scopes: [moduleScope(module, 'update')],
      run: (call) => updateRecords(call, module),
    },
    DELETE: {
      scopes: [moduleScope(module, 'delete')],
      run: (call) => {
        const ids = splitList(call.parameters.get('ids')) ?? []
        return deleteRecords(call, module, ids)
      },
    },
  }
}

/** The operations of `/{module}/search`, `/{module}/upsert` and `/{module}/{id}`. */
export function recordOperations(module: RecruitModule, id: string): RecruitOperations {
  if (id === 'search')
    return {
      GET: {
        scopes: [moduleScope(module, 'read'), searchScope],
        run: (call) => searchRecords(call, module),
      },
    }
  if (id === 'upsert')
    return {
      POST: {
        scopes: [moduleScope(module, 'create')],
        run: (call) => upsertRecords(call, module),
      },
    }
  return {
    GET: {
      scopes: [moduleScope(module, 'read')],
      run: (call) => readRecord(call, module, id),
    },
    PUT: {
      scopes: [moduleScope(module, 'update')],
      run: (call) => updateRecords(call, module, id),
    },
    DELETE: {
      scopes: [moduleScope(module, 'delete')],
      run: (call) => deleteRecords(call, module, [id]),
    },
  }
}
