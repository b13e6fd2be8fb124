import type { EpochMs } from '../clock.ts'
import type { BudgetName } from '../journal/entry.ts'
import { getRateWindow, type BudgetKey } from '../ledger/rate-window.ts'
import type { EmulatorState } from '../state.ts'

/** The current use of a budget. */
export interface BudgetUsage {
  readonly budget: BudgetName
  readonly used: number
  readonly limit: number
  readonly windowSeconds: number
  /** The end of a block; `null` if the budget is not exceeded. */
  readonly blockedUntil: EpochMs | null
}

/** The number of valid tokens and its limit. */
export interface LiveCount {
  readonly alive: number
  readonly limit: number
}

/** The use of a budget in the window that ends now. */
export function budgetUsage(
  { clock, ledger, settings }: EmulatorState,
  budgetKey: BudgetKey,
): BudgetUsage {
  const { budget } = budgetKey
  const { limit, windowSeconds } = settings[budget]
  const { issuedAt, blockedUntil } = getRateWindow(ledger, budgetKey)
  const now = clock.now()
  const used = issuedAt.filter((instant) => instant > now - windowSeconds * 1000).length
  return {
    budget,
    used,
    limit,
    windowSeconds,
    blockedUntil: now < blockedUntil ? blockedUntil : null,
  }
}
