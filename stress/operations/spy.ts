import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash } from 'node:crypto'
import type { SharedClock } from './clock.ts'
import type { TokenRequest } from './history.ts'

/** The path of an API endpoint that always answers 401, relative to the API's URL. */
export const refusedPath = 'Assessments'

/** A hash that identifies a token without revealing it. */
export const nameOf = (token: string): string =>
  createHash('sha256').update(token).digest('hex').slice(0, 12)

/** The data of one operation, for all asynchronous work that belongs to it. */
export interface Context {
  readonly operation: number
  readonly connection?: string
  /** The access token of its last API request. */
  accessToken?: string
  /** True if the endpoint `refusedPath` has answered 401. */
  wasRefused: boolean
}

export const contexts = new AsyncLocalStorage<Context>()

type Report = (request: Omit<TokenRequest, 'process'> & { readonly id: number }) => void
type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** A `fetch` that reports each token request before it is sent and after it is answered. */
export const recordingFetch = (clock: SharedClock, report: Report): Fetch => {
  let lastId = 0
  return async (url, init) => {
    const { pathname } = new URL(url)
    const context = contexts.getStore()
    if (pathname.includes('/recruit/')) {
      const token = new Headers(init.headers).get('authorization')?.split(' ')[1]
      if (context && token) context.accessToken = nameOf(token)
      const response = await fetch(url, init)
      if (context && response.status === 401 && pathname.endsWith(`/${refusedPath}`))
        context.wasRefused = true
      return response
    }
    if (pathname !== '/oauth/v2/token') return fetch(url, init)
    const sent = new URLSearchParams(await new Response(init.body).text())
    const refreshToken = sent.get('refresh_token')
    const request = {
      id: ++lastId,
      ...(context && { operation: context.operation }),
      ...(context?.connection !== undefined && { connection: context.connection }),
      grant:
        sent.get('grant_type') === 'refresh_token'
          ? ('refresh_token' as const)
          : ('authorization_code' as const),
      ...(refreshToken !== null && { refreshToken: nameOf(refreshToken) }),
      sentAt: clock.now(),
      isAfterRefusal: context?.wasRefused === true,
    }
    report(request)
    const response = await fetch(url, init)
    void response
      .clone()
      .text()
      .then(
        (text) => report({ ...request, ...readResponse(text) }),
        () => {},
      )
    return response
  }
}

const readResponse = (text: string): Pick<TokenRequest, 'response' | 'issued'> => {
  try {
    const response = JSON.parse(text) as {
      access_token?: string
      refresh_token?: string
      error?: string
    }
    if (!response.access_token) return { response: String(response.error) }
    const issued = {
      accessToken: nameOf(response.access_token),
      ...(response.refresh_token && { refreshToken: nameOf(response.refresh_token) }),
    }
    return { response: 'ok', issued }
  } catch {
    return { response: 'not JSON' }
  }
}
