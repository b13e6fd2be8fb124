import { parseAccount, type Controls } from '../control/controls.ts'
import type { DataCenterId } from '../data-centers.ts'
import type { Fault } from '../faults/fault.ts'
import { BadRequest } from '../http/body.ts'
import { allParameters, type Parameters } from '../http/parameters.ts'
import { targets, faultPresets } from './presets.ts'

/** The actions of the inspector's buttons, by the field `action` of their forms. */
const actions: Readonly<Record<string, (controls: Controls, sent: Parameters) => unknown>> = {
  clock: (controls, sent) => controls.advanceClock(Number(sent.get('seconds'))),
  reset: (controls) => controls.reset(),
  'end-access-tokens': (controls) => controls.endAccessTokens(),
  revoke: (controls, sent) => controls.revokeByUser(parseAccount(sent.get('account') ?? '')),
  'add-fault': (controls, sent) => controls.addFault(readFault(sent)),
  'clear-fault': (controls, sent) => controls.clearFaults(sent.get('id') ?? ''),
  'clear-faults': (controls) => controls.clearFaults(),
}

/** Runs the action of a button of the inspector. */
export async function runAction(controls: Controls, request: Request): Promise<void> {
  const sent = await allParameters(request)
  const action = sent.get('action') ?? ''
  if (!Object.hasOwn(actions, action))
    throw new BadRequest(`action: no such action: use ${Object.keys(actions).join(', ')}.`)
  actions[action]?.(controls, sent)
}

function readFault(sent: Parameters): Fault {
  const choose = <T>(name: string, choices: Readonly<Record<string, T>>): T => {
    const value = sent.get(name) ?? ''
    const choice = Object.hasOwn(choices, value) ? choices[value] : undefined
    if (choice === undefined)
      throw new BadRequest(
        `${name}: ${JSON.stringify(value)} is not an option: use ` +
          `${Object.keys(choices).join(', ')}.`,
      )
    return choice
  }
  const times = sent.get('times') ?? ''
  const dataCenter = sent.get('dataCenter') ?? ''
  return {
    ...choose('target', targets).place,
    ...choose('preset', faultPresets).fault,
    ...(times === '' ? {} : { times: Number(times) }),
    ...(dataCenter === '' ? {} : { dataCenter: dataCenter as DataCenterId }),
  }
}
