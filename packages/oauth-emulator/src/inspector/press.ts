import { accountCalled, type Controls } from '../control/controls.ts'
import type { DataCenterId } from '../data-centers.ts'
import type { Fault } from '../faults/fault.ts'
import { BadRequest } from '../http/body.ts'
import { allParameters, type Parameters } from '../http/parameters.ts'
import { targets, troubles } from './presets.ts'

/** What the inspector's buttons do, by the `press` of their forms. */
const presses: Readonly<Record<string, (controls: Controls, sent: Parameters) => unknown>> = {
  clock: (controls, sent) => controls.advanceClock(Number(sent.get('seconds'))),
  reset: (controls) => controls.reset(),
  'end-access-tokens': (controls) => controls.endAccessTokens(),
  revoke: (controls, sent) => controls.revokeByUser(accountCalled(sent.get('account') ?? '')),
  'add-fault': (controls, sent) => controls.addFault(chosenFault(sent)),
  'clear-fault': (controls, sent) => controls.clearFaults(sent.get('id') ?? ''),
  'clear-faults': (controls) => controls.clearFaults(),
}

/** Presses a button of the inspector, for its own pages alone. */
export async function press(controls: Controls, request: Request): Promise<void> {
  if (isFromElsewhere(request)) throw new BadRequest('Another site sent this form: press the button on the inspector itself.')
  const sent = await allParameters(request)
  const pressed = sent.get('press') ?? ''
  if (!Object.hasOwn(presses, pressed)) throw new BadRequest(`press: no such button: use ${Object.keys(presses).join(', ')}.`)
  presses[pressed]?.(controls, sent)
}

/**
 * Browsers say where a form comes from: by `Sec-Fetch-Site`, or by `Origin` with every POST. A request that tells neither
 * comes from no browser, so no other site can have sent it.
 */
function isFromElsewhere({ headers, url }: Request): boolean {
  const site = headers.get('sec-fetch-site')
  if (site !== null) return site !== 'same-origin'
  const origin = headers.get('origin')
  return origin !== null && origin !== new URL(url).origin
}

function chosenFault(sent: Parameters): Fault {
  const chosen = <T>(name: string, choices: Readonly<Record<string, T>>): T => {
    const value = sent.get(name) ?? ''
    const choice = Object.hasOwn(choices, value) ? choices[value] : undefined
    if (choice === undefined) throw new BadRequest(`${name}: ${JSON.stringify(value)} is not offered: use ${Object.keys(choices).join(', ')}.`)
    return choice
  }
  const [times, dataCenter] = [sent.get('times') ?? '', sent.get('dataCenter') ?? '']
  return {
    ...chosen('target', targets).place,
    ...chosen('trouble', troubles).trouble,
    ...(times === '' ? {} : { times: Number(times) }),
    ...(dataCenter === '' ? {} : { dataCenter: dataCenter as DataCenterId }),
  } as Fault
}
