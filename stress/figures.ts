/** The quantile of a sorted list, rounded: 0.5 is the median, 1 the maximum. */
export const quantile = (sorted: readonly number[], share: number): number =>
  Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN)

export const ascending = (values: readonly number[]): number[] =>
  values.toSorted((one, other) => one - other)

/** The frequency of each word as text: `ok 150, needs-consent 3`. */
export const tally = (words: readonly string[]): string =>
  [...new Set(words)]
    .map((word) => `${word} ${words.filter((other) => other === word).length}`)
    .join(', ') || 'none'

export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))
