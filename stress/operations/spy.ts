import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash } from 'node:crypto'
import type { SharedClock } from './clock.ts'
import type { TokenRequest } from './history.ts'

/** The path of the API that always answers 401, below the API's address. */
export const refusedPath = 'Assessments'

/** A name for a token that does not reveal it. */
export const nameOf = (token: string): string =>
  createHash('sha256').update(token).digest('hex').slice(0, 12)

/** What belongs to one operation, wherever its work goes on. */
export interface Context {
  readonly operation: number
  readonly connection?: string
  /** The access token of its last API request. */
  accessToken?: string
  wasRefused: boolean
}

export const contexts = new AsyncLocalStorage<Context>()

type Tell = (request: Omit<TokenRequest, 'process'> & { readonly id: number }) => void
type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** `fetch` that tells of each token request before it is sent, and again when it was answered. */
export const spyingFetch = (clock: SharedClock, tell: Tell): Fetch => {
  let ids = 0
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
      id: ++ids,
      ...(context && { operation: context.operation }),
      ...(context?.connection !== undefined && { connection: context.connection }),
      grant:
        sent.get('grant_type') === 'refresh_token'
          ? ('refresh_token' as const)
          : ('authorization_code' as const),
      ...(refreshToken !== null && { refreshToken: nameOf(refreshToken) }),
      sentAt: clock.now(),
      afterRefusal: context?.wasRefused === true,
    }
    tell(request)
    const response = await fetch(url, init)
    void response
      .clone()
      .text()
      .then(
        (text) => tell({ ...request, ...readAnswer(text) }),
        () => {},
      )
    return response
  }
}

const readAnswer = (text: string): Pick<TokenRequest, 'answer' | 'issued'> => {
  try {
    const answer = JSON.parse(text) as {
      access_token?: string
      refresh_token?: string
      error?: string
    }
    if (!answer.access_token) return { answer: String(answer.error) }
    const issued = {
      accessToken: nameOf(answer.access_token),
      ...(answer.refresh_token && { refreshToken: nameOf(answer.refresh_token) }),
    }
    return { answer: 'ok', issued }
  } catch {
    return { answer: 'not JSON' }
  }
}
