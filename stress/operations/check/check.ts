import type { History } from '../history.ts'
import { checkResponses } from './responses.ts'
import { checkBudgets } from './budgets.ts'
import { checkConsents, checkStatuses } from './consents.ts'
import { checkCounts } from './counts.ts'
import { checkServed } from './served.ts'
import { checkStuck } from './stuck.ts'
import type { Verdict } from './verdict.ts'

/** Checks all rules. The history is the only input. */
export const check = (history: History): readonly Verdict[] => [
  checkServed(history),
  checkConsents(history),
  checkStuck(history),
  checkBudgets(history),
  checkCounts(history),
  checkStatuses(history),
  checkResponses(history),
]
