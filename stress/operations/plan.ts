import type { Verb } from './history.ts'
import type { Slowness } from './slow-store.ts'

/** One operation. `after`: it starts when that operation ended, and not before `at`. */
export interface PlannedOperation {
  readonly do: 'operate'
  readonly at: number
  readonly number: number
  readonly verb: Verb
  readonly connection?: string
  readonly slot: number
  readonly after?: number
  /** A consent in a browser, not by a Self Client code: the process of this slot begins it. */
  readonly browser?: number
}

/** What goes wrong, from `at` on for `forMs`. */
export type PlannedTrouble = { readonly at: number } & (
  | { readonly do: 'kill'; readonly slot: number }
  | { readonly do: 'stop'; readonly slot: number; readonly forMs: number }
  | { readonly do: 'freeze-store'; readonly forMs: number }
  /** Commits take up to so long while reads go on. */
  | { readonly do: 'stall-commits'; readonly forMs: number; readonly seconds: number }
  /** Without a slot: all processes. */
  | {
      readonly do: 'slow-store'
      readonly forMs: number
      readonly slot?: number
      readonly slowness: Slowness
    }
  | {
      readonly do: 'fault'
      readonly forMs: number
      readonly fault: Readonly<Record<string, unknown>>
    }
)

/**
 * A stage of a key rotation: every process is replaced by one with these keys, one after the other.
 */
export interface PlannedDeployment {
  readonly do: 'deploy'
  readonly at: number
  readonly keys: readonly string[]
  /** Every record is sealed with the current key first. */
  readonly reencrypts: boolean
}

export type Step = PlannedOperation | PlannedTrouble | PlannedDeployment

/** Times are milliseconds from the start of the round. */
export interface Round {
  readonly steps: readonly Step[]
  /** When everything of the round ended, so much time is skipped for everybody. */
  readonly skipSeconds: number
}

/**
 * All that a seed decides. The same seed gives the same plan; when things happen in real time
 * differs a little each run.
 */
export interface Plan {
  readonly seed: number
  readonly slots: number
  readonly connections: readonly string[]
  readonly keys: readonly string[]
  readonly rounds: readonly Round[]
}
