import type { Fault, ListedFault } from '../../faults/fault.ts'
import { element, type InspectorElement } from '../element.ts'
import { repetitions, targets, faultPresets } from '../presets.ts'
import type { Snapshot } from '../snapshot.ts'
import { button, panel } from './parts.ts'
import { times } from './format.ts'

/** The active faults, and a form to add one. */
export function faults({ faults: active, dataCenters }: Snapshot): InspectorElement {
  const clear = active.length < 2 ? undefined : button('Switch all off', 'clear-faults')
  const none = element('p', { class: 'none' }, 'No fault is active. Choose one to test your app:')
  const list = element('ul', { class: 'faults-on' }, active.map(fault))
  return panel(
    'faults',
    'Faults',
    clear,
    active.length === 0 ? none : list,
    form(Object.keys(dataCenters)),
  )
}

function fault(one: ListedFault): InspectorElement {
  const isWholeEndpoint = one.on === 'token' && one.grantType === undefined
  const target = isWholeEndpoint ? 'Token endpoint' : targetLabel(one)
  const place = one.dataCenter === undefined ? target : `${target} · ${one.dataCenter}`
  return element(
    'li',
    { class: one.left === 0 ? 'used-up' : 'active', 'data-key': one.id },
    element(
      'div',
      {},
      element('b', {}, faultLabel(one)),
      element('small', {}, `${place} · ${describeRemaining(one)} · applied ${times(one.struck)}`),
    ),
    button(one.left === 0 ? 'Remove' : 'Switch off', 'clear-fault', { id: one.id }),
  )
}

function describeRemaining({ left }: ListedFault): string {
  if (left === null) return 'until switched off'
  return left === 0 ? 'no times left' : `${times(left)} more`
}

function targetLabel({ on, grantType, path }: Fault): string {
  if (path !== undefined) return path
  return (
    Object.values(targets).find(({ place }) => place.on === on && place.grantType === grantType)
      ?.label ?? on
  )
}

/** The label of the preset. Other faults are named by their kind and the values of their fields. */
function faultLabel(one: ListedFault): string {
  const {
    on: _on,
    grantType: _grantType,
    path: _path,
    dataCenter: _dataCenter,
    times: _times,
    id: _id,
    struck: _struck,
    left: _left,
    ...fields
  } = one
  const known = Object.values(faultPresets).find(
    ({ fault: preset }) => JSON.stringify(preset) === JSON.stringify(fields),
  )
  const { kind, ...details } = fields
  return known?.label ?? [kind, ...Object.values(details)].join(' ')
}

function form(dataCenters: readonly string[]): InspectorElement {
  return element(
    'form',
    { method: 'post', action: '/_emulator/', class: 'fault-form', 'data-key': 'fault-form' },
    element('input', { type: 'hidden', name: 'action', value: 'add-fault' }),
    field(
      'What happens',
      'preset',
      Object.entries(faultPresets).map(([value, { label }]) => [value, label]),
    ),
    field(
      'To which calls',
      'target',
      Object.entries(targets).map(([value, { label }]) => [value, label]),
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
): InspectorElement {
  const choices = options.map(([value, text]) => element('option', { value }, text))
  return element('label', {}, element('span', {}, label), element('select', { name }, choices))
}
