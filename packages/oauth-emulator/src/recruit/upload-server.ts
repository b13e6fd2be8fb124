import { Hono } from 'hono'
import type { ServerContext } from '../state.ts'
import { authenticate } from './authenticate.ts'
import { recruitError } from './modules.ts'

/** The upload server of one data center. */
export function createUploadServer(context: ServerContext): Hono {
  const server = new Hono()
  server.notFound((c) => {
    const access = authenticate(context, c.req.raw)
    if (access instanceof Response) return access
    return recruitError(
      404,
      'INVALID_URL_PATTERN',
      'Please check if the URL you are trying to access is correct',
    )
  })
  return server
}
