import { isScopeToken, normalizeScopes } from '../domain/scopes.ts'
import type { ErrorCode } from '../errors/codes.ts'
import { RecruitOAuthError } from '../errors/recruit-oauth-error.ts'

type ErrorFactory = (name: string, problem: string, hint?: string) => RecruitOAuthError

const errorFactory =
  (code: ErrorCode, subject: string): ErrorFactory =>
  (name, problem, hint) =>
    new RecruitOAuthError(code, {
      summary: `${subject} \`${name}\` ${problem}.`,
      ...(hint !== undefined && { hint }),
    })

/**
 * The error for an invalid option. Its message has the option's name and the problem, but not the
 * value, which may be a secret.
 */
export const invalidOption = /* @__PURE__ */ errorFactory('configuration-invalid', 'The option')

/** Like `invalidOption`, but for an argument of a method. */
export const invalidArgument = /* @__PURE__ */ errorFactory('argument-invalid', 'The argument')

/** Checks a list of requested scopes and normalizes it. @throws the error that `toError` creates */
export const validateScopes = (value: unknown, toError: ErrorFactory): readonly string[] => {
  const scopes = copyArray(value)
  if (!scopes || scopes.length === 0) throw toError('scopes', 'must contain a scope')
  const invalidIndex = scopes.findIndex(
    (scope) => typeof scope !== 'string' || !isScopeToken(scope),
  )
  if (invalidIndex >= 0) throw toError(`scopes[${invalidIndex}]`, 'is not a scope')
  return normalizeScopes(scopes as string[])
}

/** Copies an array, so that it is read only once. `undefined` for any other value. */
const copyArray = (value: unknown): unknown[] | undefined => {
  try {
    return Array.isArray(value) ? [...(value as unknown[])] : undefined
  } catch {
    return undefined // A proxy can throw here.
  }
}
