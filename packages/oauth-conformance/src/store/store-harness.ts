import type { ConnectionStore } from '@zrecruit/oauth-core'

/** A store, and how it is started and reached. No flag switches a case off. */
export interface StoreHarness {
  /** Of the store and what it stands on: `PostgreSQL 18`. */
  readonly name: string
  /**
   * Starts the store on data of its own, empty: each case has a new one. A server may be shared by
   * all of them.
   */
  start(): Promise<RunningStore>
}

export interface RunningStore {
  /** As an app of this process would make it. */
  readonly store: ConnectionStore
  /**
   * Another process that has the same data open: `storeInProcess(module, data)`. Where a store
   * lives in one process alone (in memory), a handle of this one: the case then says less.
   */
  another(): Promise<OtherProcess>
  /**
   * Ends it and removes its data: connections are closed, servers of its own gone. Whoever still
   * holds `store` hears one of our errors from then on, not an answer that pretends. Called twice
   * by some cases.
   */
  stop(): Promise<void>
}

/** A process of the app's, as others see it. */
export interface OtherProcess {
  readonly store: ConnectionStore
  /**
   * Puts its wall clock (`Date`, `performance.timeOrigin`) ahead, or back, and has it open the
   * store anew. A handle of this process leaves its clock alone.
   */
  moveClock(aheadMs: number): Promise<void>
  /**
   * Ends it at once, as SIGKILL does. What it was asked and has not answered rejects, and may have
   * been done or not. Twice is no error.
   */
  kill(): Promise<void>
}
