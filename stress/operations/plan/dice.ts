import { createRandom } from '../../year/random.ts'

export type Dice = ReturnType<typeof createDice>

/** The random numbers of a plan. They depend only on its seed. */
export const createDice = (seed: number) => {
  const next = createRandom(seed)
  const below = (count: number) => Math.floor(next() * count)
  return {
    next,
    below,
    between: (min: number, max: number) => Math.round(min + next() * (max - min)),
    chance: (share: number) => next() < share,
    pick: <T>(all: readonly T[]): T => all[below(all.length)] as T,
    key: () => Buffer.from(Array.from({ length: 32 }, () => below(256))).toString('base64'),
  }
}
