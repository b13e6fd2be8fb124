import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common'
import { isRecruitOAuthError } from '@zrecruit/oauth-core'
import type { Client } from './client.ts'
import { passedGuards, refusalResponse } from './constants.ts'
import { httpRequestOf, sendResponse, type FrameworkReply } from './http.ts'
import { toSentRequest } from './request-path.ts'
import type { GuardedRequest } from './zoho-connection.guard.ts'

/** The class for `@Catch`, which compares with `instanceof`. Errors of every copy of core match. */
class LibraryException {
  static [Symbol.hasInstance](error: unknown): boolean {
    return (
      isRecruitOAuthError(error) ||
      (typeof error === 'object' && error !== null && refusalResponse in error)
    )
  }
}

/**
 * Writes the responses for the guard's refusals and for this library's errors. It leaves all other
 * exceptions to the app.
 *
 * Nest chooses a filter by the class of the error and not by the context, so this filter is also
 * called for messages (RPC) and for external contexts (GraphQL). There it passes the error to the
 * global filter that Nest would otherwise have chosen, and returns that filter's result. If there
 * is no such filter, it returns `undefined`, and Nest continues as if no filter had caught the
 * error. (Nest calls no global filter for WebSockets.)
 */
export const createFilter = (
  client: Client,
  globalFilters: () => readonly unknown[],
): ExceptionFilter => {
  class ZohoRecruitFilter implements ExceptionFilter {
    catch(error: { [refusalResponse]?: Response }, host: ArgumentsHost): unknown {
      const request = httpRequestOf<GuardedRequest>(host)
      if (!request) {
        return callFilter(nextFilter(this, globalFilters(), error), error, host)
      }
      const lastPassedGuard = Object.values(request[passedGuards] ?? {}).at(-1)
      const response =
        error[refusalResponse] ??
        (lastPassedGuard?.client ?? client).errorResponse(error, toSentRequest(request))
      return sendResponse(response!, host.getArgByIndex<FrameworkReply>(1))
    }
  }
  Catch(LibraryException)(ZohoRecruitFilter)
  return new ZohoRecruitFilter()
}

const callFilter = (
  filter: ExceptionFilter | undefined,
  error: unknown,
  host: ArgumentsHost,
): unknown =>
  // oxlint-disable-next-line promise/valid-params -- This is a filter, not a promise.
  filter?.catch(error, host)

/** Nest tries global filters from last to first, so the next one is registered before `current`. */
const nextFilter = (
  current: ExceptionFilter,
  filters: readonly unknown[],
  error: unknown,
): ExceptionFilter | undefined =>
  filters
    .slice(0, Math.max(0, filters.indexOf(current)))
    .toReversed()
    .find((filter): filter is ExceptionFilter => isFilter(filter) && catches(filter, error))

const isFilter = (filter: unknown): filter is ExceptionFilter =>
  typeof filter === 'object' &&
  filter !== null &&
  typeof (filter as Partial<ExceptionFilter>).catch === 'function'

/**
 * Compares as Nest does: with the types of `@Catch()` on the prototype or on the class. A filter
 * without types catches all errors.
 */
const catches = (filter: ExceptionFilter, error: unknown): boolean => {
  const prototype = Object.getPrototypeOf(filter) as object
  const types = catchTypes(prototype) ?? catchTypes(filter.constructor) ?? []
  return types.length === 0 || types.some((type) => error instanceof type)
}

type ErrorType = abstract new (...args: never[]) => unknown

/** Reads the metadata of `@Catch()`. Nest has loaded `reflect-metadata`. */
const catchTypes = (target: object): readonly ErrorType[] | undefined =>
  (
    Reflect as unknown as {
      getMetadata(key: string, target: object): readonly ErrorType[] | undefined
    }
  ).getMetadata('__filterCatchExceptions__', target)
