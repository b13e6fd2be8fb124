import type { EpochMs } from '../clock.ts'
import type { BudgetName } from '../journal/entry.ts'
import { rateWindowOf, type BudgetKey } from '../ledger/rate-window.ts'
import type { EmulatorState } from '../state.ts'

/** How much of a budget is spent. */
export interface SpentBudget {
  readonly budget: BudgetName
  readonly used: number
  readonly limit: number
  readonly windowSeconds: number
  /** While it is overdrawn: when something can be made again. */
  readonly blockedUntil: EpochMs | null
}

/** How many live of how many that may. */
export interface Living {
  readonly alive: number
  readonly limit: number
}

/** What a spender's budget has left in the window that ends now. */
export function spent({ clock, ledger, settings }: EmulatorState, spender: BudgetKey): SpentBudget {
  const { budget } = spender
  const { limit, windowSeconds } = settings[budget]
  const { madeAt, blockedUntil } = rateWindowOf(ledger, spender)
  const now = clock.now()
  const used = madeAt.filter((instant) => instant > now - windowSeconds * 1000).length
  return {
    budget,
    used,
    limit,
    windowSeconds,
    blockedUntil: now < blockedUntil ? blockedUntil : null,
  }
}
