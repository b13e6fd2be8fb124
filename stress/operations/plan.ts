import type { Verb } from './history.ts'
import type { Slowness } from './slow-store.ts'

/** A planned operation. It starts at `at`, but not before the operation `after` has ended. */
export interface PlannedOperation {
  readonly do: 'operate'
  readonly at: number
  readonly number: number
  readonly verb: Verb
  readonly connection?: string
  readonly slot: number
  readonly after?: number
  /** For a consent in a browser: the slot of the process that starts the authorization. */
  readonly browserSlot?: number
}

/** A fault that lasts from `at` for `forMs`. */
export type PlannedFault = { readonly at: number } & (
  | { readonly do: 'kill'; readonly slot: number }
  | { readonly do: 'stop'; readonly slot: number; readonly forMs: number }
  | { readonly do: 'freeze-store'; readonly forMs: number }
  /** Commits take up to `seconds`, while reads work. */
  | { readonly do: 'stall-commits'; readonly forMs: number; readonly seconds: number }
  /** Slows the store down, without a slot for all processes. */
  | {
      readonly do: 'slow-store'
      readonly forMs: number
      readonly slot?: number
      readonly slowness: Slowness
    }
  | {
      readonly do: 'zoho-fault'
      readonly forMs: number
      readonly fault: Readonly<Record<string, unknown>>
    }
)

/** A stage of a key rotation: replaces all processes, one after the other. */
export interface PlannedDeployment {
  readonly do: 'deploy'
  readonly at: number
  readonly keys: readonly string[]
  /** Runs `reencryptAll()` first. */
  readonly reencrypts: boolean
}

export type Step = PlannedOperation | PlannedFault | PlannedDeployment

/** Times are milliseconds from the start of the round. */
export interface Round {
  readonly steps: readonly Step[]
  /** How much time is skipped for everything after the round. */
  readonly skipSeconds: number
}

/** Everything that a seed determines. */
export interface Plan {
  readonly seed: number
  readonly slots: number
  readonly connections: readonly string[]
  readonly keys: readonly string[]
  readonly rounds: readonly Round[]
}
