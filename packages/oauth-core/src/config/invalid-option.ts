import { isScopeToken, normalizeScopes } from '../domain/scopes.ts'
import type { ErrorCode } from '../errors/codes.ts'
import { RecruitOAuthError } from '../errors/recruit-oauth-error.ts'

type Wrong = (name: string, problem: string) => RecruitOAuthError

const wrong =
  (code: ErrorCode, what: string): Wrong =>
  (name, problem) =>
    new RecruitOAuthError(code, { summary: `${what} \`${name}\` ${problem}.` })

/**
 * A wrong option: what it is called, and what is wrong with it. Its value is not repeated: it may
 * be a secret.
 */
export const invalidOption = /* @__PURE__ */ wrong('configuration-invalid', 'The option')

/** The same of an argument. */
export const invalidArgument = /* @__PURE__ */ wrong('argument-invalid', 'The argument')

/** Scopes as they are asked for. @throws what `errorOf` makes */
export const checkedScopes = (value: unknown, errorOf: Wrong): readonly string[] => {
  const scopes = copyList(value)
  if (!scopes || scopes.length === 0) throw errorOf('scopes', 'must name a scope')
  const odd = scopes.findIndex((scope) => typeof scope !== 'string' || !isScopeToken(scope))
  if (odd >= 0) throw errorOf(`scopes[${odd}]`, 'is not a scope')
  return normalizeScopes(scopes as string[])
}

/** A list, read once; `undefined` for anything else. */
const copyList = (value: unknown): unknown[] | undefined => {
  try {
    return Array.isArray(value) ? [...(value as unknown[])] : undefined
  } catch {
    return undefined // A proxy.
  }
}
