import { isRecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import { refuseUnknownOptions } from '../errors/unknown-options.ts'
import type { WaitUntil } from '../config/host.ts'
import { invalidArgument } from '../config/invalid-option.ts'

/**
 * Calls `read`, which reads an argument of the app. In an app written in JavaScript, a getter, a
 * proxy or a conversion can throw anything. An error that is not the library's own is replaced,
 * because its message can quote the value.
 * @throws `argument-invalid`
 */
export const readArgument = <T>(name: string, read: () => T, problem = 'could not be read'): T => {
  try {
    return read()
  } catch (error) {
    throw isRecruitOAuthError(error) ? error : invalidArgument(name, problem)
  }
}

/** Reads these members of an object, each once. @throws `argument-invalid` */
export const readMembers = <const Name extends string>(
  argument: string,
  value: unknown,
  names: readonly Name[],
): { readonly [N in Name]?: unknown } =>
  readArgument(argument, () => {
    if (typeof value !== 'object' || value === null)
      throw invalidArgument(argument, 'must be an object')
    const members = value as { readonly [N in Name]?: unknown }
    const entries = names.map((name) => [name, members[name]])
    return Object.fromEntries(entries) as { readonly [N in Name]?: unknown }
  })

/**
 * Like `readMembers`, for an object that must not have other members.
 * @throws `argument-invalid`
 */
export const readOptions: typeof readMembers = (argument, value, names) => {
  const members = readMembers(argument, value, names)
  readArgument(argument, () => refuseUnknownOptions(value, names, 'argument-invalid'))
  return members
}

/**
 * A function that calls `owner.waitUntil(…)`, if the owner has this method.
 * @throws `argument-invalid`
 */
export const readWaitUntil = (argument: string, owner: unknown): WaitUntil | undefined => {
  if (owner === undefined || owner === null) return undefined
  const { waitUntil } = readMembers(argument, owner, ['waitUntil'])
  if (waitUntil === undefined) return undefined
  if (typeof waitUntil !== 'function')
    throw invalidArgument(`${argument}.waitUntil`, 'must be a function')
  return (work) => Reflect.apply(waitUntil, owner, [work]) as void
}

/**
 * Checks that the request has the members of a `Request` that the library uses.
 * @throws `argument-invalid`
 */
export const validateRequest = (request: Request): Request =>
  readArgument(
    'request',
    () => {
      const { url, method, headers } = request
      const isRequest =
        typeof url === 'string' && typeof method === 'string' && typeof headers.get === 'function'
      if (!isRequest) throw invalidArgument('request', 'must be a `Request`')
      return request
    },
    'must be a `Request`',
  )

/** A list of scope names, which may be empty. @throws `argument-invalid` */
export const validateScopeNames = (argument: string, value: unknown): readonly string[] => {
  if (value === undefined) return []
  const names = readArgument(argument, () =>
    Array.isArray(value) ? [...(value as unknown[])] : undefined,
  )
  if (!names?.every((name) => typeof name === 'string'))
    throw invalidArgument(argument, 'must be a list of scopes')
  return names
}

/** The `after` of a listing. @throws `argument-invalid` */
export const validateCursor = (argument: string, value: unknown): string | undefined => {
  if (value !== undefined && typeof value !== 'string')
    throw invalidArgument(argument, 'must be the `next` of the previous call')
  return value
}
