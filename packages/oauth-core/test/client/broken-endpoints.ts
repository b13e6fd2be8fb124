import { json, type Reply } from '../endpoints/server.ts'
import { apiOk, connect, startSetup, type Setup } from './setup.ts'

export const unauthorizedReply = (code: string): Reply =>
  json({ code, message: 'invalid oauth token', status: 'error' }, 401, { 'x-zoho': 'kept' })

/** The responses of an API that always answers 401 at endpoints with one of these prefixes. */
export const brokenEndpointsReply =
  (names: readonly string[], code = 'INVALID_TOKEN'): Reply =>
  (response, request) => {
    const endpoint = request.url.slice('/recruit/v2/'.length)
    return (names.some((name) => endpoint.startsWith(name)) ? unauthorizedReply(code) : apiOk)(
      response,
      request,
    )
  }

export const startConnected = async () => {
  const setup = await startSetup()
  await connect(setup)
  return { ...setup, acme: setup.client().connection('acme') }
}

export const statusOf = async (work: Promise<Response>): Promise<number> => (await work).status

export const countRejections = ({ events }: Setup) =>
  events.filter(({ type }) => type === 'access-token-rejected').length
