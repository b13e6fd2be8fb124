import type { EpochMs } from '../clock.ts'
import type { Organization } from '../seed/organizations.ts'
import type { Budget } from '../settings/settings.ts'
import type { EmulatorState } from '../state.ts'
import type { Usage } from './recruit-data.ts'
import { tooManyRequests } from './responses.ts'

/**
 * Uses up credits of the organization. Returns the response if too few are left.
 * https://www.zoho.com/recruit/developer-guide/apiv2/limits.html describes the credits; the response
 * is unverified.
 */
export function chargeCredits(
  { clock, recruit, settings }: EmulatorState,
  { id }: Organization,
  amount: number,
): Response | undefined {
  const usage = { at: clock.now(), amount }
  const waitSeconds = use(recruit.credits, id, usage, settings.apiCredits)
  return waitSeconds === undefined
    ? undefined
    : tooManyRequests('The organization has used up its API credits', waitSeconds)
}

/**
 * Counts a download of a bulk result. "Only 10 requests for download are allowed during a
 * one-minute interval", then 429
 * (https://www.zoho.com/recruit/developer-guide/apiv2/bulk-read/download-result.html).
 */
export function countDownload(
  { clock, recruit }: EmulatorState,
  { id }: Organization,
): Response | undefined {
  const usage = { at: clock.now(), amount: 1 }
  const waitSeconds = use(recruit.downloads, id, usage, { limit: 10, windowSeconds: 60 })
  return waitSeconds === undefined
    ? undefined
    : tooManyRequests('Only 10 downloads are allowed in a minute', waitSeconds)
}

/**
 * Adds a usage to a sliding window, unless the window would exceed its budget. In this case,
 * returns the seconds until there is room.
 */
function use(
  windows: Map<string, readonly Usage[]>,
  key: string,
  usage: Usage,
  { limit, windowSeconds }: Budget,
): number | undefined {
  const windowMs = windowSeconds * 1000
  const current = (windows.get(key) ?? []).filter(({ at }) => at > usage.at - windowMs)
  const used = current.reduce((sum, { amount }) => sum + amount, 0)
  if (used + usage.amount <= limit) {
    windows.set(key, merge(current, usage))
    return undefined
  }
  const freeAt = roomAt(current, used + usage.amount - limit, usage.at) + windowMs
  return Math.max(1, Math.ceil((freeAt - usage.at) / 1000))
}

/** The time of the usage whose end makes enough room. */
function roomAt(current: readonly Usage[], needed: number, now: EpochMs): EpochMs {
  let freed = 0
  for (const { at, amount } of current) {
    freed += amount
    if (freed >= needed) return at
  }
  return now
}

/** One entry for each second keeps the window small. */
function merge(current: readonly Usage[], usage: Usage): readonly Usage[] {
  const last = current.at(-1)
  if (last === undefined || usage.at - last.at >= 1000) return [...current, usage]
  return [...current.slice(0, -1), { at: last.at, amount: last.amount + usage.amount }]
}
