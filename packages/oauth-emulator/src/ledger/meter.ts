import type { EpochMs } from '../clock.ts'
import type { Budget } from '../settings/settings.ts'

/** What was made in a budget's window, and until when no more may be. */
export interface Meter {
  readonly madeAt: readonly EpochMs[]
  readonly blockedUntil: EpochMs
}

const unusedMeter: Meter = { madeAt: [], blockedUntil: Number.NEGATIVE_INFINITY }

/**
 * Asks a budget for one more. Pure: answers whether it is allowed, and the meter afterwards.
 * `block` says how long an overdraft blocks: the `next` whole window from now, or the `rest` of this one.
 */
function spend(meter: Meter, budget: Budget, block: 'next' | 'rest', now: EpochMs): { allowed: boolean; meter: Meter } {
  if (now < meter.blockedUntil) return { allowed: false, meter }
  const windowMs = budget.windowSeconds * 1000
  const madeAt = meter.madeAt.filter((instant) => instant > now - windowMs)
  if (madeAt.length < budget.limit) return { allowed: true, meter: { madeAt: [...madeAt, now], blockedUntil: meter.blockedUntil } }
  const blockedUntil = block === 'next' ? now + windowMs : (madeAt[0] ?? now) + windowMs
  return { allowed: false, meter: { madeAt, blockedUntil } }
}

/** `spend` on a meter that is kept by name. */
export function spendNamed(meters: Map<string, Meter>, name: string, budget: Budget, block: 'next' | 'rest', now: EpochMs): boolean {
  const { allowed, meter } = spend(meters.get(name) ?? unusedMeter, budget, block, now)
  meters.set(name, meter)
  return allowed
}
