import type { EpochMs } from '../../clock.ts'
import type { TokenCount, BudgetUsage } from '../budgets.ts'
import { element, type InspectorElement, type InspectorNode } from '../element.ts'
import { duration, timeOfDay } from './format.ts'

/** A section of the page: a heading, an optional node beside it, and the content. */
export function panel(
  id: string,
  heading: string,
  beside: InspectorNode | undefined,
  ...content: readonly (InspectorNode | readonly InspectorNode[] | undefined)[]
): InspectorElement {
  const title = element('h2', { id }, heading)
  return element(
    'section',
    { class: `panel ${id}`, 'aria-labelledby': id, 'data-key': id },
    element('header', {}, title, beside),
    ...content,
  )
}

/** A button in a form of its own. It runs an action on the emulator and returns to the page. */
export function button(
  label: string,
  action: string,
  fields: Readonly<Record<string, string | number>> = {},
  look = 'quiet',
): InspectorElement {
  const hidden = Object.entries({ action, ...fields }).map(([name, value]) =>
    element('input', { type: 'hidden', name, value }),
  )
  return element(
    'form',
    { method: 'post', action: '/_emulator/' },
    hidden,
    element('button', { class: look }, label),
  )
}

/** A bar below its label and figures. A full bar is highlighted, and so is a blocked budget. */
function gauge(
  label: string,
  figures: string,
  used: number,
  limit: number,
  blockedText?: string,
): InspectorElement {
  const filled = used >= limit ? 'full' : 'fine'
  const state = blockedText === undefined ? filled : 'blocked'
  return element(
    'div',
    { class: `gauge ${state}` },
    element('p', {}, element('span', {}, label), element('b', {}, figures)),
    bar(used, limit, label),
    blockedText !== undefined && element('p', { class: 'warning' }, blockedText),
  )
}

export function bar(value: number, max: number, label: string): InspectorElement {
  return element('progress', { value, max: Math.max(max, value, 1), 'aria-label': label })
}

/** How much of a budget (a rate limit) is used, and until when requests are blocked. */
export function budgetGauge(
  label: string,
  { used, limit, windowSeconds, blockedUntil }: BudgetUsage,
  now: EpochMs,
): InspectorElement {
  const blockedText =
    blockedUntil === null
      ? undefined
      : `Blocked until ${timeOfDay(blockedUntil)} (${duration((blockedUntil - now) / 1000)} left)`
  return gauge(label, `${used} of ${limit} in ${duration(windowSeconds)}`, used, limit, blockedText)
}

/** The number of valid tokens. At the limit, the next token evicts the oldest. */
export function validTokensGauge(label: string, { valid, limit }: TokenCount): InspectorElement {
  return gauge(label, `${valid} of ${limit}`, valid, limit)
}

export function code(text: string): InspectorElement {
  return element('code', {}, text)
}
