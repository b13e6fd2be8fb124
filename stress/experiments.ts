import { clocks } from './clocks.ts'
import { faults } from './faults.ts'
import { kill } from './kill.ts'
import { operations } from './operations.ts'
import type { Experiment } from './experiment.ts'
import { rawBytes } from './raw-bytes.ts'
import { rotation } from './rotation.ts'
import { rounds } from './rounds.ts'
import { stop } from './stop.ts'
import { year } from './year.ts'

/** All experiments, in the order of their execution. */
export const experiments: readonly Experiment[] = [
  rounds,
  kill,
  stop,
  faults,
  clocks,
  rotation,
  rawBytes,
  year,
  operations,
]
