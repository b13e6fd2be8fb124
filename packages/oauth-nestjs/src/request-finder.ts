import type { ExecutionContext } from '@nestjs/common'
import { AsyncLocalStorage } from 'node:async_hooks'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FrameworkRequest } from './http.ts'

/**
 * Finds the HTTP request of a context that is not an HTTP controller's, for example of a GraphQL
 * resolver. `undefined` if it has none.
 */
export type RequestOf = (context: ExecutionContext) => unknown

export interface RequestFinder {
  /** A middleware for all requests. What `next` calls is the async context of the request. */
  track(request: IncomingMessage, response: ServerResponse, next: () => void): void
  /** The result of `requestOf`, if it is the request of the current async context, not ended. */
  find(context: ExecutionContext): FrameworkRequest | undefined
}

type Exchange = Readonly<{ request: IncomingMessage; response: ServerResponse }>

/**
 * Calls the app's `requestOf`, and accepts only the request that the current async context answers.
 * So a payload that imitates a request is never accepted. Neither is the request of another caller,
 * for example from a GraphQL context that all requests share, even if that request is still open.
 */
export const createRequestFinder = (requestOf: RequestOf): RequestFinder => {
  const current = new AsyncLocalStorage<Exchange>()
  return {
    track(request, response, next) {
      current.run({ request, response }, next)
    },
    find(context) {
      const isMessage = ['rpc', 'ws'].includes(context.getType())
      const exchange = current.getStore()
      if (isMessage || !exchange) return undefined
      const request = requestOf(context) as FrameworkRequest | undefined
      const { writableEnded, destroyed } = exchange.response
      const isCurrent = (request?.raw ?? request) === exchange.request
      return isCurrent && !writableEnded && !destroyed ? request : undefined
    },
  }
}
