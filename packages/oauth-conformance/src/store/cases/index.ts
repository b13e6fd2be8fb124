import type { StoreCase } from '../case.ts'
import { compareAndSet } from './compare-and-set.ts'

/** By what they are about. */
export const storeCaseGroups: readonly (readonly [about: string, cases: readonly StoreCase[]])[] = [
  ['Compare and set', compareAndSet],
]

/** What every store is held against. */
export const storeCases: readonly StoreCase[] = storeCaseGroups.flatMap(([, cases]) => cases)
