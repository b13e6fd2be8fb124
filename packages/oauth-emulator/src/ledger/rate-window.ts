import type { EpochMs } from '../clock.ts'
import type { Blocked, BudgetName } from '../journal/entry.ts'
import { lastSix } from '../journal/journal.ts'
import type { Budget, Settings } from '../settings/settings.ts'
import type { Grant, Ledger } from './ledger.ts'

/** What was made in a budget's window, and until when no more may be. */
export interface RateWindow {
  readonly madeAt: readonly EpochMs[]
  readonly blockedUntil: EpochMs
}

const emptyRateWindow: RateWindow = { madeAt: [], blockedUntil: Number.NEGATIVE_INFINITY }

/**
 * Asks a budget for one more. Pure: answers whether it is allowed, and the meter afterwards.
 * `block` says how long an overdraft blocks: the `next` whole window from now, or the `rest` of
 * this one.
 */
function spend(
  meter: RateWindow,
  budget: Budget,
  block: 'next' | 'rest',
  now: EpochMs,
): { allowed: boolean; meter: RateWindow } {
  if (now < meter.blockedUntil) return { allowed: false, meter }
  const windowMs = budget.windowSeconds * 1000
  const madeAt = meter.madeAt.filter((instant) => instant > now - windowMs)
  if (madeAt.length < budget.limit)
    return { allowed: true, meter: { madeAt: [...madeAt, now], blockedUntil: meter.blockedUntil } }
  const blockedUntil = block === 'next' ? now + windowMs : (madeAt[0] ?? now) + windowMs
  return { allowed: false, meter: { madeAt, blockedUntil } }
}

/** Whose budget it is: a client's, a refresh token's, or a user's with a client. */
export interface BudgetKey {
  readonly budget: BudgetName
  readonly of: string
}

/** Asks a spender's budget for one more, for a grant. */
export function spendBudget(
  ledger: Ledger,
  settings: Settings,
  { budget, of }: BudgetKey,
  { dataCenter, user }: Grant,
  now: EpochMs,
): boolean {
  const before = rateWindowOf(ledger, { budget, of })
  const { allowed, meter } = spend(
    before,
    settings[budget],
    budget === 'accessTokenBudget' ? settings.accessTokenBlock : 'rest',
    now,
  )
  ledger.meters.set(`${budget} ${of}`, meter)
  if (!allowed && meter !== before) {
    const refreshToken = budget === 'accessTokenBudget' ? lastSix(of) : null
    const blocked: Blocked = {
      event: 'blocked',
      budget,
      refreshToken,
      user: user.email,
      until: meter.blockedUntil,
    }
    ledger.journal.add({ at: now, dataCenter, ...blocked })
  }
  return allowed
}

export function rateWindowOf(ledger: Ledger, { budget, of }: BudgetKey): RateWindow {
  return ledger.meters.get(`${budget} ${of}`) ?? emptyRateWindow
}
