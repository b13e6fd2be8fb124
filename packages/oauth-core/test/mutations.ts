/** Changes a text. The numbers `n` and `m` choose the place and the change. */
export type Mutation = (before: string, n: number, m: number) => string

export const pickAt = <V>(list: readonly V[], n: number): V => list[n % list.length] as V

/** Changes of any text. */
export const textMutations: readonly Mutation[] = [
  // Cut off the end.
  (before, n) => before.slice(0, n % (before.length + 1)),
  // Flip one bit.
  (before, n, m) =>
    before.slice(0, n % before.length) +
    String.fromCharCode(before.charCodeAt(n % before.length) ^ (1 << (m % 8))) +
    before.slice((n % before.length) + 1),
  // Remove up to 39 characters.
  (before, n, m) =>
    before.slice(0, n % before.length) + before.slice((n % before.length) + (m % 40)),
]

/** Adds a member to the first object of a JSON text. */
export const addMember =
  (names: readonly string[], values: readonly string[]): Mutation =>
  (before, n, m) =>
    before.replace('{', `{${JSON.stringify(pickAt(names, n))}:${pickAt(values, m)},`)
