import type { EpochMs } from '../clock.ts'
import type { Blocked, BudgetName } from '../journal/entry.ts'
import { lastSix } from '../journal/journal.ts'
import type { Budget, Settings } from '../settings/settings.ts'
import type { Grant, Ledger } from './ledger.ts'

/** The times at which the units of a budget were taken, and the end of a block. */
export interface RateWindow {
  readonly issuedAt: readonly EpochMs[]
  readonly blockedUntil: EpochMs
}

const emptyRateWindow: RateWindow = { issuedAt: [], blockedUntil: Number.NEGATIVE_INFINITY }

/**
 * Takes one unit of a budget. This is a pure function: it returns whether the unit is allowed, and
 * the next state of the window. `block` is the length of the block that begins when the budget is
 * exceeded: one whole window from now (`next`), or the rest of the current window (`rest`).
 */
function consume(
  current: RateWindow,
  budget: Budget,
  block: 'whole-window' | 'rest',
  now: EpochMs,
): { allowed: boolean; next: RateWindow } {
  if (now < current.blockedUntil) return { allowed: false, next: current }
  const windowMs = budget.windowSeconds * 1000
  const issuedAt = current.issuedAt.filter((instant) => instant > now - windowMs)
  if (issuedAt.length < budget.limit)
    return { allowed: true, next: { ...current, issuedAt: [...issuedAt, now] } }
  const blockedUntil = block === 'whole-window' ? now + windowMs : (issuedAt[0] ?? now) + windowMs
  return { allowed: false, next: { issuedAt, blockedUntil } }
}

/** Identifies a budget: `key` is a client id, a refresh token, or a `consentKey`. */
export interface BudgetKey {
  readonly budget: BudgetName
  readonly key: string
}

/** Takes one unit of a budget for a grant. Returns whether it is allowed. */
export function consumeBudget(
  ledger: Ledger,
  settings: Settings,
  { budget, key }: BudgetKey,
  { dataCenter, user }: Grant,
  now: EpochMs,
): boolean {
  const before = getRateWindow(ledger, { budget, key })
  const { allowed, next } = consume(
    before,
    settings[budget],
    budget === 'accessTokenBudget' ? settings.accessTokenBlock : 'rest',
    now,
  )
  ledger.rateWindows.set(`${budget} ${key}`, next)
  // During a block, `consume` returns the same object. So only the start of a block is recorded.
  const isBlockStart = !allowed && next !== before
  if (isBlockStart) {
    const refreshToken = budget === 'accessTokenBudget' ? lastSix(key) : null
    const blocked: Blocked = {
      event: 'blocked',
      budget,
      refreshToken,
      user: user.email,
      until: next.blockedUntil,
    }
    ledger.journal.add({ at: now, dataCenter, ...blocked })
  }
  return allowed
}

export function getRateWindow(ledger: Ledger, { budget, key }: BudgetKey): RateWindow {
  return ledger.rateWindows.get(`${budget} ${key}`) ?? emptyRateWindow
}
