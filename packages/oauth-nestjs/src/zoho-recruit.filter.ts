import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common'
import { isRecruitOAuthError } from '@zrecruit/oauth-core'
import type { Client } from './client.ts'
import { passedGates, refusalResponse, type Gated } from './zoho-connection.guard.ts'
import { answer, httpRequestOf, webRequest, type FrameworkReply } from './http.ts'

class OfThisLibrary {
  /** `@Catch` uses `instanceof`. This library's errors have a brand, in every copy of it. */
  static [Symbol.hasInstance](error: unknown): boolean {
    return (
      isRecruitOAuthError(error) ||
      (typeof error === 'object' && error !== null && refusalResponse in error)
    )
  }
}

/**
 * Writes the gate's answers, and answers this library's errors. All other exceptions are the app's.
 *
 * Nest chooses a filter by the class of the error and not by the context. So this one is also
 * called for messages (RPC) and for external contexts (GraphQL). There it hands the error to the
 * global filter that Nest would have chosen without it, and returns what that returns. Without one
 * it returns `undefined` at once: Nest then does what it does when no filter catches. (Nest calls
 * no global filter for WebSockets.)
 */
export const createFilter = (
  client: Client,
  globalFilters: () => readonly unknown[],
): ExceptionFilter => {
  class ZohoRecruitFilter implements ExceptionFilter {
    catch(error: { [refusalResponse]?: Response }, host: ArgumentsHost): unknown {
      const request = httpRequestOf<Gated>(host)
      if (!request) {
        return handOver(filterBefore(this, globalFilters(), error), error, host)
      }
      const { client: asked } = Object.values(request[passedGates] ?? {}).at(-1) ?? { client }
      const response = error[refusalResponse] ?? asked.errorResponse(error, webRequest(request))
      return answer(response!, host.getArgByIndex<FrameworkReply>(1))
    }
  }
  Catch(OfThisLibrary)(ZohoRecruitFilter)
  return new ZohoRecruitFilter()
}

const handOver = (
  filter: ExceptionFilter | undefined,
  error: unknown,
  host: ArgumentsHost,
): unknown =>
  // oxlint-disable-next-line promise/valid-params -- This is a filter, not a promise.
  filter?.catch(error, host)

/** Of the global filters, Nest asks the last one first. */
const filterBefore = (
  own: ExceptionFilter,
  filters: readonly unknown[],
  error: unknown,
): ExceptionFilter | undefined =>
  filters
    .slice(0, Math.max(0, filters.indexOf(own)))
    .toReversed()
    .find((filter): filter is ExceptionFilter => isFilter(filter) && catches(filter, error))

const isFilter = (filter: unknown): filter is ExceptionFilter =>
  typeof filter === 'object' &&
  filter !== null &&
  typeof (filter as Partial<ExceptionFilter>).catch === 'function'

/**
 * As Nest compares: by the types of `@Catch()`, on the prototype or on the class; none means all.
 */
const catches = (filter: ExceptionFilter, error: unknown): boolean => {
  const prototype = Object.getPrototypeOf(filter) as object
  const types = catchTypes(prototype) ?? catchTypes(filter.constructor) ?? []
  return types.length === 0 || types.some((type) => error instanceof type)
}

type ErrorType = abstract new (...args: never[]) => unknown

/** Nest itself has loaded `reflect-metadata`. */
const catchTypes = (target: object): readonly ErrorType[] | undefined =>
  (
    Reflect as unknown as {
      getMetadata(key: string, target: object): readonly ErrorType[] | undefined
    }
  ).getMetadata('__filterCatchExceptions__', target)
