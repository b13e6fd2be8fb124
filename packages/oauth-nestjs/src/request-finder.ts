import type { ExecutionContext } from '@nestjs/common'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FrameworkRequest } from './http.ts'

/**
 * Finds the HTTP request of a context that is not an HTTP controller's, for example of a GraphQL
 * resolver. `undefined` if it has none.
 */
export type RequestOf = (context: ExecutionContext) => unknown

export interface RequestFinder {
  /** A middleware for all requests, which remembers them with their responses. */
  track(request: IncomingMessage, response: ServerResponse, next: () => void): void
  /** The result of `requestOf`, if it is a request that this server is answering now. */
  find(context: ExecutionContext): FrameworkRequest | undefined
}

/**
 * Calls the app's `requestOf`, and accepts only a request that this app's server has received and
 * has not answered yet. So a payload that imitates a request is never accepted, and neither is the
 * request of an earlier caller, for example from a GraphQL context that all requests share.
 */
export const createRequestFinder = (requestOf: RequestOf): RequestFinder => {
  const responses = new WeakMap<object, ServerResponse>()
  return {
    track(request, response, next) {
      responses.set(request, response)
      next()
    },
    find(context) {
      const isMessage = ['rpc', 'ws'].includes(context.getType())
      if (isMessage) return undefined
      const request = requestOf(context) as FrameworkRequest | undefined
      const response = responses.get(request?.raw ?? (request as object))
      const isOpen = response !== undefined && !response.writableEnded && !response.destroyed
      return isOpen ? request : undefined
    },
  }
}
