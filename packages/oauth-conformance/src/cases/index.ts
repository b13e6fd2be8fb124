import type { AdapterCase } from '../adapter-case.ts'
import { addresses } from './addresses.ts'
import { otherRoutes } from './other-routes.ts'
import { bytes } from './bytes.ts'
import { callbackOnce } from './callback-once.ts'
import { callback } from './callback.ts'
import { connect } from './connect.ts'
import { disconnect } from './disconnect.ts'
import { gate } from './gate.ts'
import { identity } from './identity.ts'
import { lifeCycle } from './life-cycle.ts'
import { options } from './options.ts'
import { wholeApp } from './whole-app.ts'

/** By what they are about. */
export const caseGroups: readonly (readonly [about: string, cases: readonly AdapterCase[]])[] = [
  ['The life of a connection', lifeCycle],
  ['Connecting', connect],
  ['The callback, and what it may not be', callback],
  ['The callback, used once', callbackOnce],
  ['Who was connected', identity],
  ['The gate, and errors', gate],
  ['The gate before the whole app', wholeApp],
  ['Disconnecting', disconnect],
  ['Addresses, mounts and proxies', addresses],
  ['What is not ours: other routes, bodies, cookies', otherRoutes],
  ['To the byte', bytes],
  ['Wrong options', options],
]

/** What every adapter is held against. */
export const adapterCases: readonly AdapterCase[] = caseGroups.flatMap(([, cases]) => cases)
