import type { ErrorCode } from './codes.ts'
import { RecruitOAuthError } from './recruit-oauth-error.ts'

/**
 * Refuses an object with an option that is not in `names`, even if its value is `undefined`. The
 * library would ignore a misspelt option without notice: `requireConnection({ scope: […] })` would
 * require no scope. Only own properties count. For stores and adapters, too.
 * @throws `configuration-invalid`, or `code`
 */
export const refuseUnknownOptions = (
  options: unknown,
  names: readonly string[],
  code: ErrorCode = 'configuration-invalid',
): void => {
  const unknownName = Object.keys(Object(options) as object).find((name) => !names.includes(name))
  if (unknownName !== undefined) throw unknownOption(unknownName, names, code)
}

export const unknownOption = (
  name: string,
  names: readonly string[],
  code: ErrorCode,
): RecruitOAuthError => {
  const option = isShort(name) ? `The option \`${name}\`` : 'An option'
  const nearest = nearestName(name, names)
  return new RecruitOAuthError(code, {
    summary: `${option} is unknown.`,
    hint:
      nearest === undefined ? 'Remove it, or correct its name.' : `Did you mean \`${nearest}\`?`,
  })
}

/** A long name is not shown, because it can be a secret that the app has used as a key. */
const isShort = (name: string): boolean => /^[a-z_$][\w$-]{0,29}$/i.test(name)

/** The name that differs in the fewest letters; `undefined` if all names differ in many. */
export const nearestName = (name: string, names: readonly string[]): string | undefined => {
  if (!isShort(name)) return undefined
  let nearest: string | undefined
  let smallest = Math.ceil(name.length / 3) + 1
  for (const candidate of names) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (distance >= smallest) continue
    smallest = distance
    nearest = candidate
  }
  return nearest
}

/** How many letters must be inserted, removed or replaced to turn one text into the other. */
const editDistance = (from: string, to: string): number => {
  // The distances from the first letters of `from` to each beginning of `to`.
  let row = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (const [index, letter] of Array.from(from).entries()) {
    const next = [index + 1]
    for (let column = 1; column <= to.length; column++) {
      const replaced = row[column - 1]! + Number(letter !== to[column - 1])
      next.push(Math.min(replaced, row[column]! + 1, next[column - 1]! + 1))
    }
    row = next
  }
  return row[to.length]!
}
