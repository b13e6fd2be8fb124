/** The name that differs in the fewest letters; `undefined` if all names differ in many. */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  if (name.length > 50) return undefined
  const distances = names.map(
    (candidate) => [candidate, editDistance(name.toLowerCase(), candidate.toLowerCase())] as const,
  )
  const [nearest] = distances
    .filter(([, distance]) => distance <= Math.ceil(name.length / 3))
    .toSorted(([, a], [, b]) => a - b)
  return nearest?.[0]
}

/** How many letters must be inserted, removed or replaced to turn one text into the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (const [index, letter] of Array.from(from).entries()) {
    const next = [index + 1]
    for (let column = 1; column <= to.length; column++) {
      const replaced = (row[column - 1] ?? 0) + Number(letter !== to[column - 1])
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}
