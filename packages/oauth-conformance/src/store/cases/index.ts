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

/** The cases by topic. */
export const storeCaseGroups: readonly (readonly [topic: string, cases: readonly StoreCase[]])[] = [
  ['Contents of records', contents],
  ['Ids', names],
  ['Compare and set', compareAndSet],
  ['Removal', removal],
  ['Concurrency in one process', concurrency],
  ['Several processes', fromSeveralProcesses],
  ['Killed processes', killed],
  ['Lost acknowledgements', lostAcknowledgements],
  ['The store’s clock', clock],
  ['Listings', listing],
  ['Pages', pages],
  ['Clients that share a store', clients],
  ['Closed and unreachable stores', stopped],
]

/** All cases for stores. */
export const storeCases: readonly StoreCase[] = storeCaseGroups.flatMap(([, cases]) => cases)
