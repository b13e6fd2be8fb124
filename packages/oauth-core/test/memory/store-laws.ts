import { compareAndSetLaws } from './laws/compare-and-set.ts'
import { contentLaws } from './laws/contents.ts'
import { listingLaws } from './laws/listing.ts'

export { aRecord } from './laws/law.ts'

/** What every store promises: the same laws for each. */
export const storeLaws = [...contentLaws, ...compareAndSetLaws, ...listingLaws]
