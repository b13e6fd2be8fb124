import { createConnection } from '../client/connection.ts'
import { parseReturnTo } from '../config/return-to.ts'
import {
  findConnectionOrThrow,
  isNavigation,
  queryParameter,
  refuseCrossSite,
  type RouteContext,
} from './request.ts'
import { redirect, respond } from './responses.ts'

export const disconnect = async (context: RouteContext): Promise<Response> => {
  const { client, request, waitUntil } = context
  const { config } = client
  refuseCrossSite(request, config, { allowTrusted: true })
  const { id } = await findConnectionOrThrow(context)
  await createConnection(client, id, waitUntil).revoke()
  if (!isNavigation(request)) return respond(204)
  // The connection is revoked now, so an invalid `returnTo` is no reason to show an error.
  const parsed = parseReturnTo(queryParameter(request, 'returnTo'), config)
  return redirect('returnTo' in parsed ? parsed.returnTo : config.defaultReturnTo)
}
