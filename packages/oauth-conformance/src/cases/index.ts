import type { AdapterCase } from '../adapter-case.ts'
import { addresses } from './addresses.ts'
import { otherRoutes } from './other-routes.ts'
import { bytes } from './bytes.ts'
import { callbackOnce } from './callback-once.ts'
import { callbackParameters } from './callback-parameters.ts'
import { callback } from './callback.ts'
import { connectCrossSite } from './connect-cross-site.ts'
import { connect } from './connect.ts'
import { disconnect } from './disconnect.ts'
import { guard } from './guard.ts'
import { identity } from './identity.ts'
import { lifeCycle } from './life-cycle.ts'
import { twoClients } from './two-clients.ts'
import { invalidOptions } from './invalid-options.ts'
import { starts } from './starts.ts'
import { wholeApp } from './whole-app.ts'

/** The cases by topic. */
export const caseGroups: readonly (readonly [topic: string, cases: readonly AdapterCase[]])[] = [
  ['Life cycle of a connection', [...lifeCycle, ...twoClients]],
  ['Connecting', [...connect, ...connectCrossSite]],
  ['Starts, sign-in and failures', starts],
  ['Invalid callbacks', [...callback, ...callbackParameters]],
  ['Single use of the callback', callbackOnce],
  ['Identity of the connected account', identity],
  ['The guard and errors', guard],
  ['The guard before the whole app', wholeApp],
  ['Disconnecting', disconnect],
  ['URLs, mount paths and proxies', addresses],
  ['Other routes, bodies and cookies of the app', otherRoutes],
  ['Byte-identical responses', bytes],
  ['Invalid options', invalidOptions],
]

/** All cases for adapters. */
export const adapterCases: readonly AdapterCase[] = caseGroups.flatMap(([, cases]) => cases)
