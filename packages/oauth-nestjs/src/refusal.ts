import { HttpException } from '@nestjs/common'
import { refusalResponse } from './constants.ts'

/**
 * The exception of the guard for an HTTP controller. A guard can only allow or throw. The library's
 * filter writes the response; other filters see a plain exception of Nest.
 */
export const createHttpRefusal = async (response: Response): Promise<HttpException> =>
  Object.assign(new HttpException(await response.clone().text(), response.status), {
    [refusalResponse]: response,
  })

/** The codes of Apollo's driver for Nest, by the status of an `HttpException`. */
const graphqlCodes: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
}

/**
 * The exception of the guard for a resolver. Its response has the members of the problem, such as
 * `code` and `connect`, and the `statusCode` and `message` of Nest's own exceptions. Apollo's
 * driver puts it into `extensions.originalError`. Other GraphQL servers copy `extensions`, which
 * has the same form.
 */
export const createResolverRefusal = async (response: Response): Promise<HttpException> => {
  const { status } = response
  const problem = (await response.json()) as { readonly detail?: string }
  const body = { ...problem, statusCode: status, message: problem.detail }
  const code = graphqlCodes[status] ?? 'INTERNAL_SERVER_ERROR'
  return Object.assign(new HttpException(body, status), {
    extensions: { code, originalError: body },
  })
}
