import { type Context, Hono } from 'hono'
import type { Environment } from '../environment.ts'
import { BadRequest } from '../http/body.ts'
import type { ServerContext } from '../state.ts'
import { attachmentOperations, singleAttachmentOperations } from './attachments.ts'
import { authenticate } from './authenticate.ts'
import { bulkOperations, jobOperations, resultOperations } from './bulk/bulk-operations.ts'
import { type RecruitOperations, runOperation } from './call.ts'
import { modules, type RecruitModule } from './module-table.ts'
import { moduleOperations, recordOperations, resourceOperations } from './resources.ts'
import { recruitError } from './responses.ts'

/** The Recruit API of one data center and environment: a part of `/recruit/v2` and the bulk API. */
export function createRecruitApi(context: ServerContext, environment: Environment): Hono {
  const server = new Hono()

  const serve = async (c: Context, operations: RecruitOperations | undefined) => {
    const access = authenticate(context, c.req.raw, environment)
    if (access instanceof Response) return access
    if (operations === undefined)
      return recruitError(400, 'INVALID_MODULE', 'the module name given seems to be invalid')
    return runOperation(context.state, access, c.req.raw, operations)
  }
  const serveModule = (
    c: Context,
    operationsOf: (module: RecruitModule) => RecruitOperations,
  ): Promise<Response> => {
    const module = modules.get(c.req.param('resource') ?? '')
    return serve(c, module === undefined ? undefined : operationsOf(module))
  }

  server.all('/recruit/v2/:resource', (c) => {
    const { resource } = c.req.param()
    const operations = resourceOperations(resource)
    return operations === undefined ? serveModule(c, moduleOperations) : serve(c, operations)
  })
  server.all('/recruit/v2/:resource/:id', (c) =>
    serveModule(c, (module) => recordOperations(module, c.req.param('id'))),
  )
  server.all('/recruit/v2/:resource/:id/Attachments', (c) =>
    serveModule(c, (module) => attachmentOperations(module, c.req.param('id'))),
  )
  server.all('/recruit/v2/:resource/:id/Attachments/:attachment', (c) => {
    const { id, attachment } = c.req.param()
    return serveModule(c, (module) => singleAttachmentOperations(module, id, attachment))
  })
  for (const kind of ['read', 'write'] as const) {
    const path = `/recruit/bulk/v2/${kind}`
    server.all(path, (c) => serve(c, bulkOperations[kind]))
    server.all(`${path}/:job`, (c) => serve(c, jobOperations(kind, c.req.param('job'))))
    server.all(`${path}/:job/result`, (c) => serve(c, resultOperations(kind, c.req.param('job'))))
  }

  answerErrors(server)
  return server
}

/** The responses to an unknown path, to invalid input, and to a defect of the emulator. */
export function answerErrors(
  server: Hono,
  unknownPath = 'Please check if the URL trying to access is a correct one',
): void {
  server.notFound(() => recruitError(404, 'INVALID_URL_PATTERN', unknownPath))
  server.onError((error) => {
    if (error instanceof BadRequest)
      return recruitError(error.status, 'INVALID_DATA', error.message)
    console.error(error)
    return new Response('The emulator failed. This is a defect of the emulator.', { status: 500 })
  })
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
