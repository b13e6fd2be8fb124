import { Hono } from 'hono'
import { BadRequest } from '../http/body.ts'
import { type Environment, organizationIn } from '../environment.ts'
import { queryParameters } from '../http/parameters.ts'
import type { Scope } from '../scopes.ts'
import type { ServerContext } from '../state.ts'
import { authenticate, refuseScope } from './authenticate.ts'
import { handleRecord, handleRecordList, modules, recruitError } from './modules.ts'
import { handleOrganization, handleUsers } from './organization.ts'

/** The Recruit API of one data center and environment: a read-only part of `/recruit/v2`. */
export function createRecruitApi(context: ServerContext, environment: Environment): Hono {
  const { state } = context
  const server = new Hono()

  server.all('/recruit/v2/:resource/:id?', (c) => {
    const access = authenticate(context, c.req.raw, environment)
    if (access instanceof Response) return access
    const { resource, id } = c.req.param()
    const module = modules.get(resource)
    // Only the records of modules have paths of their own.
    const resourceScope = id === undefined ? scopeForResource(resource) : undefined
    const needed = module?.scope ?? resourceScope
    if (needed === undefined)
      return recruitError(400, 'INVALID_MODULE', 'the module name given seems to be invalid')
    const refused = refuseScope(access, needed)
    if (refused !== undefined) return refused
    if (c.req.method !== 'GET')
      return recruitError(405, 'INVALID_REQUEST_METHOD', 'The emulator supports only GET here')
    if (module !== undefined) {
      const records = module.records(organizationIn(access.user.organization, environment))
      return id === undefined ? handleRecordList(records, c.req.raw) : handleRecord(records, id)
    }
    return resource === 'org'
      ? handleOrganization(state.users, access)
      : handleUsers(state.users, access.user, queryParameters(c.req.raw).get('type') ?? 'AllUsers')
  })

  server.notFound(() =>
    recruitError(
      404,
      'INVALID_URL_PATTERN',
      'Please check if the URL trying to access is a correct one',
    ),
  )
  server.onError((error) => {
    if (error instanceof BadRequest)
      return recruitError(error.status, 'INVALID_DATA', error.message)
    console.error(error)
    return new Response('The emulator failed. This is a defect of the emulator.', { status: 500 })
  })
  return server
}

function scopeForResource(resource: string): Scope | undefined {
  return resource === 'org' || resource === 'users'
    ? { name: `zohorecruit.${resource}`, operation: 'read' }
    : undefined
}

/**
 * The replacement for `www.zohoapis.<tld>`, the `api_domain` of token responses. It does not serve
 * Recruit: other people observed that `/recruit/v2` answers 404 `API endpoint not found` on ten
 * data centers (the format of the body is unverified).
 */
export function createApiDomain(): Hono {
  const server = new Hono()
  server.notFound((c) => c.text('API endpoint not found', 404))
  return server
}
