import type { EpochMs } from '../clock.ts'
import type { BudgetName } from '../journal/entry.ts'
import { getRateWindow, type BudgetKey } from '../ledger/rate-window.ts'
import type { EmulatorState } from '../state.ts'

/** The current use of a budget. A budget is a rate limit: `limit` tokens in `windowSeconds`. */
export interface BudgetUsage {
  readonly budget: BudgetName
  readonly used: number
  readonly limit: number
  readonly windowSeconds: number
  /** When requests are allowed again; `null` if they are allowed now. */
  readonly blockedUntil: EpochMs | null
}

/** The number of valid tokens, and the maximum. */
export interface TokenCount {
  readonly valid: number
  readonly limit: number
}

/** How much of a budget was used in the last `windowSeconds`, a sliding window. */
export function budgetUsage(
  { clock, ledger, settings }: EmulatorState,
  budgetKey: BudgetKey,
): BudgetUsage {
  const { budget } = budgetKey
  const { limit, windowSeconds } = settings[budget]
  const { issuedAt, blockedUntil } = getRateWindow(ledger, budgetKey)
  const now = clock.now()
  const used = issuedAt.filter((time) => time > now - windowSeconds * 1000).length
  return {
    budget,
    used,
    limit,
    windowSeconds,
    blockedUntil: now < blockedUntil ? blockedUntil : null,
  }
}
