import { defectsOfReads } from './realistic-reads.ts'
import { defectsOfWrites } from './realistic-writes.ts'
import type { Breakage } from './seams.ts'

/** A defect of a store, and the cases that detect it. */
export interface Defect {
  readonly name: string
  readonly breakage: Breakage
  readonly fails: readonly string[]
}

export const realistic: readonly Defect[] = [...defectsOfWrites, ...defectsOfReads]
