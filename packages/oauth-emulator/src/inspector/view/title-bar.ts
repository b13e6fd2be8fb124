import { element, type InspectorElement } from '../element.ts'
import type { Snapshot } from '../snapshot.ts'
import { button } from './parts.ts'
import { day, duration, timeOfDay } from './format.ts'

const advances = [
  ['+1 min', 60],
  ['+10 min', 600],
  ['+1 h', 3600],
  ['+1 day', 86_400],
] as const

/** The emulator's clock with buttons to advance it, and the reset button. */
export function titleBar({ now, aheadSeconds }: Snapshot): InspectorElement {
  const offset =
    aheadSeconds === 0
      ? 'runs with this machine'
      : `${duration(aheadSeconds)} ahead of this machine`
  return element(
    'div',
    { class: 'head' },
    element(
      'div',
      { class: 'title' },
      element('h1', {}, 'Inspector'),
      element('p', {}, 'The calls between your app and “Zoho”.'),
    ),
    element(
      'section',
      { class: 'clock', 'aria-label': 'The emulator’s clock' },
      element('p', { class: 'time' }, timeOfDay(now)),
      element('p', { class: 'date' }, day(now), element('br', {}), offset),
      element(
        'div',
        { class: 'advances' },
        advances.map(([label, seconds]) => button(label, 'clock', { seconds })),
      ),
    ),
    button('Reset everything', 'reset', {}, 'danger'),
  )
}
