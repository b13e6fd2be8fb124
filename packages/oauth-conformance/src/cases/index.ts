import type { AdapterCase } from '../adapter-case.ts'
import { addresses } from './addresses.ts'
import { beside } from './beside.ts'
import { bytes } from './bytes.ts'
import { callbackOnce } from './callback-once.ts'
import { callback } from './callback.ts'
import { connect } from './connect.ts'
import { disconnect } from './disconnect.ts'
import { gate } from './gate.ts'
import { lifeCycle } from './life-cycle.ts'
import { options } from './options.ts'

/** What every adapter is held against. */
export const adapterCases: readonly AdapterCase[] = [...lifeCycle, ...connect, ...callback, ...callbackOnce, ...gate, ...disconnect, ...addresses, ...beside, ...bytes, ...options]
