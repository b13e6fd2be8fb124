import { accountCalled, type Controls } from '../control/controls.ts'
import type { DataCenterId } from '../data-centers.ts'
import type { Fault } from '../faults/fault.ts'
import { BadRequest } from '../http/body.ts'
import { allParameters, type Parameters } from '../http/parameters.ts'
import { targets, faultPresets } from './presets.ts'

/** What the inspector's buttons do, by the `press` of their forms. */
const actions: Readonly<Record<string, (controls: Controls, sent: Parameters) => unknown>> = {
  clock: (controls, sent) => controls.advanceClock(Number(sent.get('seconds'))),
  reset: (controls) => controls.reset(),
  'end-access-tokens': (controls) => controls.endAccessTokens(),
  revoke: (controls, sent) => controls.revokeByUser(accountCalled(sent.get('account') ?? '')),
  'add-fault': (controls, sent) => controls.addFault(chosenFault(sent)),
  'clear-fault': (controls, sent) => controls.clearFaults(sent.get('id') ?? ''),
  'clear-faults': (controls) => controls.clearFaults(),
}

/** Presses a button of the inspector. */
export async function runAction(controls: Controls, request: Request): Promise<void> {
  const sent = await allParameters(request)
  const pressed = sent.get('press') ?? ''
  if (!Object.hasOwn(actions, pressed))
    throw new BadRequest(`press: no such button: use ${Object.keys(actions).join(', ')}.`)
  actions[pressed]?.(controls, sent)
}

function chosenFault(sent: Parameters): Fault {
  const chosen = <T>(name: string, choices: Readonly<Record<string, T>>): T => {
    const value = sent.get(name) ?? ''
    const choice = Object.hasOwn(choices, value) ? choices[value] : undefined
    if (choice === undefined)
      throw new BadRequest(
        `${name}: ${JSON.stringify(value)} is not offered: use ${Object.keys(choices).join(', ')}.`,
      )
    return choice
  }
  const [times, dataCenter] = [sent.get('times') ?? '', sent.get('dataCenter') ?? '']
  return {
    ...chosen('target', targets).place,
    ...chosen('trouble', faultPresets).trouble,
    ...(times === '' ? {} : { times: Number(times) }),
    ...(dataCenter === '' ? {} : { dataCenter: dataCenter as DataCenterId }),
  }
}
