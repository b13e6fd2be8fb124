import type { Fault, ListedFault } from '../../faults/fault.ts'
import { element, type Element } from '../element.ts'
import { repetitions, targets, faultPresets } from '../presets.ts'
import type { Snapshot } from '../snapshot.ts'
import { button, card } from './parts.ts'
import { times } from './words.ts'

/** What goes wrong, and a form to let more go wrong. */
export function faults({ faults: standing, dataCenters }: Snapshot): Element {
  const clear = standing.length < 2 ? undefined : button('Switch all off', 'clear-faults')
  const none = element('p', { class: 'none' }, 'Nothing goes wrong. Choose a bad day for your app:')
  const list = element('ul', { class: 'faults-on' }, standing.map(fault))
  return card(
    'faults',
    'Faults',
    clear,
    standing.length === 0 ? none : list,
    form(Object.keys(dataCenters)),
  )
}

function fault(one: ListedFault): Element {
  const on =
    one.on === 'token' && one.grantType === undefined ? 'Token endpoint' : labelOfTarget(one)
  const place = one.dataCenter === undefined ? on : `${on} · ${one.dataCenter}`
  return element(
    'li',
    { class: one.left === 0 ? 'spent' : 'standing', 'data-key': one.id },
    element(
      'div',
      {},
      element('b', {}, labelOfTrouble(one)),
      element('small', {}, `${place} · ${leftInWords(one)} · struck ${times(one.struck)}`),
    ),
    button(one.left === 0 ? 'Remove' : 'Switch off', 'clear-fault', { id: one.id }),
  )
}

function leftInWords({ left }: ListedFault): string {
  if (left === null) return 'until switched off'
  return left === 0 ? 'no times left' : `${times(left)} more`
}

function labelOfTarget({ on, grantType, path }: Fault): string {
  if (path !== undefined) return path
  return (
    Object.values(targets).find(({ place }) => place.on === on && place.grantType === grantType)
      ?.label ?? on
  )
}

/**
 * The words of the form for what it offers; for other faults their kind and what they were told.
 */
function labelOfTrouble(one: ListedFault): string {
  const {
    on: _on,
    grantType: _grantType,
    path: _path,
    dataCenter: _dataCenter,
    times: _times,
    id: _id,
    struck: _struck,
    left: _left,
    ...told
  } = one
  const known = Object.values(faultPresets).find(
    ({ trouble }) => JSON.stringify(trouble) === JSON.stringify(told),
  )
  const { kind, ...details } = told
  return known?.label ?? [kind, ...Object.values(details)].join(' ')
}

function form(dataCenters: readonly string[]): Element {
  const options = Object.entries
  return element(
    'form',
    { method: 'post', action: '/_emulator/', class: 'trouble', 'data-key': 'trouble' },
    element('input', { type: 'hidden', name: 'press', value: 'add-fault' }),
    field(
      'What happens',
      'trouble',
      options(faultPresets).map(([value, { label }]) => [value, label]),
    ),
    field(
      'To which calls',
      'target',
      options(targets).map(([value, { label }]) => [value, label]),
    ),
    field('How often', 'times', repetitions),
    field('Where', 'dataCenter', [
      ['', 'everywhere'],
      ...dataCenters.map((id) => [id, `only ${id}`] as const),
    ]),
    element('button', { class: 'main' }, 'Switch on'),
  )
}

function field(
  label: string,
  name: string,
  options: readonly (readonly [value: string, label: string])[],
): Element {
  const choices = options.map(([value, text]) => element('option', { value }, text))
  return element('label', {}, element('span', {}, label), element('select', { name }, choices))
}
