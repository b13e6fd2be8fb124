import { isRecruitOAuthError, RecruitOAuthError, type Connection } from '@zrecruit/oauth-core'

type Respond = (error: RecruitOAuthError) => Response | undefined

/**
 * Returns an object whose functions throw the same errors with a method `getResponse`. Hono's
 * default error handler calls this method, so the app needs no `onError` for errors of this
 * library.
 */
export const withErrorResponses = <T extends object>(target: T, respond: Respond): T =>
  Object.fromEntries(
    Object.entries(target).map(([name, member]) => [
      name,
      typeof member === 'function' ? wrap(member as AnyFunction, respond) : member,
    ]),
  ) as T

type AnyFunction = (...given: unknown[]) => unknown

const wrap =
  (operation: AnyFunction, respond: Respond): AnyFunction =>
  (...given) => {
    try {
      const result = operation(...given)
      if (result instanceof Promise)
        return result.catch((error: unknown) => {
          throw addErrorResponse(error, respond)
        })
      return isConnection(result) ? withErrorResponses(result, respond) : result
    } catch (error) {
      throw addErrorResponse(error, respond)
    }
  }

const isConnection = (value: unknown): value is Connection =>
  typeof value === 'object' && value !== null && 'accessToken' in value && 'id' in value

/**
 * Adds `getResponse` to an error of this library. The property is not enumerable, so logs and
 * `toJSON` do not have it.
 */
export const addErrorResponse = (error: unknown, respond: Respond): unknown => {
  if (!isRecruitOAuthError(error)) return error
  // Callers that wait for the same refresh get the same error. Each one needs a response to its own
  // request.
  const own = Object.hasOwn(error, 'getResponse') ? copyOf(error) : error
  const getResponse = () => respond(error) ?? new Response(null, { status: 500 })
  return Object.defineProperty(own, 'getResponse', { value: getResponse })
}

const copyOf = (error: RecruitOAuthError): RecruitOAuthError => {
  const { code, errors, summary, hint, ...details } = error
  const copy = new RecruitOAuthError(code, { ...details, summary, hint, ...(errors && { errors }) })
  return Object.assign(copy, { stack: error.stack })
}
