import type { EpochMs } from '../../clock.ts'
import type { Living, SpentBudget } from '../budgets.ts'
import { element, type Element, type Piece } from '../element.ts'
import { duration, timeOfDay } from './words.ts'

/** A part of the page with a heading, something beside it, and its content. */
export function card(
  id: string,
  heading: string,
  beside: Piece | undefined,
  ...content: readonly (Piece | readonly Piece[] | undefined)[]
): Element {
  const title = element('h2', { id }, heading)
  return element(
    'section',
    { class: `panel ${id}`, 'aria-labelledby': id, 'data-key': id },
    element('header', {}, title, beside),
    ...content,
  )
}

/**
 * A button that is a form of its own: it presses something on the emulator and comes back to the
 * page.
 */
export function button(
  label: string,
  press: string,
  fields: Readonly<Record<string, string | number>> = {},
  look = 'quiet',
): Element {
  const hidden = Object.entries({ press, ...fields }).map(([name, value]) =>
    element('input', { type: 'hidden', name, value }),
  )
  return element(
    'form',
    { method: 'post', action: '/_emulator/' },
    hidden,
    element('button', { class: look }, label),
  )
}

/** A bar with what it shows in words above it; full bars and blocks stand out. */
function gauge(
  label: string,
  figures: string,
  used: number,
  limit: number,
  warning?: string,
): Element {
  const filled = used >= limit ? 'full' : 'fine'
  const state = warning === undefined ? filled : 'blocked'
  return element(
    'div',
    { class: `gauge ${state}` },
    element('p', {}, element('span', {}, label), element('b', {}, figures)),
    bar(used, limit, label),
    warning !== undefined && element('p', { class: 'warning' }, warning),
  )
}

export function bar(value: number, max: number, label: string): Element {
  return element('progress', { value, max: Math.max(max, value, 1), 'aria-label': label })
}

/** A budget that Zoho keeps. */
export function budgetGauge(
  label: string,
  { used, limit, windowSeconds, blockedUntil }: SpentBudget,
  now: EpochMs,
): Element {
  const warning =
    blockedUntil === null
      ? undefined
      : `Blocked until ${timeOfDay(blockedUntil)}, ${duration((blockedUntil - now) / 1000)} more`
  return gauge(label, `${used} of ${limit} in ${duration(windowSeconds)}`, used, limit, warning)
}

/** How many live of those that may: at the limit, the next one pushes the oldest out. */
export function livingGauge(label: string, { alive, limit }: Living): Element {
  return gauge(label, `${alive} of ${limit}`, alive, limit)
}

export function code(text: string, look = ''): Element {
  return element('code', look === '' ? {} : { class: look }, text)
}
