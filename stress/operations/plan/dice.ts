import { chanceOf } from '../../year/chance.ts'

export type Dice = ReturnType<typeof createDice>

/** The random numbers of a plan, all from its seed. */
export const createDice = (seed: number) => {
  const next = chanceOf(seed)
  const below = (count: number) => Math.floor(next() * count)
  return {
    next,
    below,
    between: (least: number, most: number) => Math.round(least + next() * (most - least)),
    is: (share: number) => next() < share,
    one: <T>(all: readonly T[]): T => all[below(all.length)] as T,
    key: () => Buffer.from(Array.from({ length: 32 }, () => below(256))).toString('base64'),
  }
}
