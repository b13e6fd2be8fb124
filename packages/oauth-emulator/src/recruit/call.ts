import { organizationIn } from '../environment.ts'
import { BadRequest, readBody } from '../http/body.ts'
import { decodeText, type Parameters, queryParameters } from '../http/parameters.ts'
import type { AccessToken } from '../ledger/ledger.ts'
import type { Scope } from '../scopes.ts'
import type { Organization, User } from '../seed/organizations.ts'
import type { EmulatorState } from '../state.ts'
import { refuseScope } from './authenticate.ts'
import { chargeCredits } from './limits.ts'
import { invalidMethod } from './responses.ts'

/** An authenticated call of the API. */
export interface RecruitCall {
  readonly state: EmulatorState
  readonly access: AccessToken
  /** The organization that the token sees: the user's own, or its sandbox. */
  readonly organization: Organization
  readonly request: Request
  readonly parameters: Parameters
}

/** What a method of a path needs and does. */
export interface RecruitOperation {
  readonly scopes: readonly Scope[]
  /** https://www.zoho.com/recruit/developer-guide/apiv2/limits.html. Default 1. */
  readonly credits?: number
  run(call: RecruitCall): Response | Promise<Response>
}

/** The operations of a path, by method. `HEAD` works like `GET`. */
export type RecruitOperations = Readonly<
  Partial<Record<'GET' | 'POST' | 'PUT' | 'DELETE', RecruitOperation>>
>

/** Checks the method, the scopes and the credits of a call, and runs its operation. */
export async function runOperation(
  state: EmulatorState,
  access: AccessToken,
  request: Request,
  operations: RecruitOperations,
): Promise<Response> {
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const operation = Object.hasOwn(operations, method)
    ? operations[method as keyof RecruitOperations]
    : undefined
  if (operation === undefined) return invalidMethod()
  const refused = operation.scopes
    .map((scope) => refuseScope(access, scope))
    .find((response) => response !== undefined)
  if (refused !== undefined) return refused
  const organization = organizationIn(access.user.organization, access.environment)
  const exhausted = chargeCredits(state, organization, operation.credits ?? 1)
  if (exhausted !== undefined) return exhausted
  const parameters = queryParameters(request)
  const response = await operation.run({ state, access, organization, request, parameters })
  return request.method === 'HEAD' ? withoutBody(response) : response
}

/** The response to HEAD: the headers of the response to GET, with the length of its body. */
async function withoutBody(response: Response): Promise<Response> {
  const { status, headers } = response
  if (response.body !== null)
    headers.set('content-length', `${(await response.arrayBuffer()).byteLength}`)
  return new Response(null, { status, headers })
}

/**
 * The maximum depth of objects and lists within each other. V8 parses deeper JSON than it can
 * write, so a stored value without a limit would break every later response that contains it.
 */
const maximumDepth = 32

/** The JSON object in the body of a call. */
export async function readObject(request: Request): Promise<Readonly<Record<string, unknown>>> {
  const text = decodeText(await readBody(request))
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new BadRequest('The body is not JSON.')
  }
  if (!isObject(value)) throw new BadRequest('The body is not a JSON object.')
  if (isDeeper(value, maximumDepth))
    throw new BadRequest(`The body has more than ${maximumDepth} levels of objects and lists.`)
  return value
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return depth === 0 || Object.values(value).some((member) => isDeeper(member, depth - 1))
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A person in a response. */
export function nameAndId({ firstName, lastName, id }: User): { name: string; id: string } {
  return { name: `${firstName} ${lastName}`, id }
}
