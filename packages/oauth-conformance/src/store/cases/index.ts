import type { StoreCase } from '../case.ts'
import { concurrency } from './concurrency.ts'
import { clients } from './clients.ts'
import { clock } from './clock.ts'
import { compareAndSet } from './compare-and-set.ts'
import { contents } from './contents.ts'
import { killed } from './killed.ts'
import { listing } from './listing.ts'
import { lostAcknowledgements } from './lost-acknowledgements.ts'
import { names } from './names.ts'
import { pages } from './pages.ts'
import { fromSeveralProcesses } from './processes.ts'
import { removal } from './removal.ts'
import { stopped } from './stopped.ts'

/** By what they are about. */
export const storeCaseGroups: readonly (readonly [about: string, cases: readonly StoreCase[]])[] = [
  ['What is kept', contents],
  ['Under which name', names],
  ['Compare and set', compareAndSet],
  ['Removal', removal],
  ['Many at once', concurrency],
  ['From several processes', fromSeveralProcesses],
  ['A process that is killed', killed],
  ['Lost acknowledgements', lostAcknowledgements],
  ['The store’s clock', clock],
  ['Listings', listing],
  ['Page by page', pages],
  ['Clients that share it', clients],
  ['When it is gone', stopped],
]

/** What every store is held against. */
export const storeCases: readonly StoreCase[] = storeCaseGroups.flatMap(([, cases]) => cases)
