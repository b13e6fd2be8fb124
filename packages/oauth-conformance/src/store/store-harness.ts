import type { ConnectionStore } from '@zrecruit/oauth-core'

/** Starts a store for the cases. There is no option to skip a case. */
export interface StoreHarness {
  /** The name of the store and its database, such as `PostgreSQL 18`. */
  readonly name: string
  /**
   * Starts an empty store. Each case starts a new one with its own data. All stores may use the
   * same server.
   */
  start(): Promise<RunningStore>
}

export interface RunningStore {
  /** The store as an app in this process creates it. */
  readonly store: ConnectionStore
  /**
   * Opens the same data in another process: `storeInProcess(module, data)`. A store that exists in
   * one process only (in memory) returns a handle in this process, which makes the case weaker.
   */
  another(): Promise<OtherProcess>
  /**
   * Stops the store and removes its data, connections and servers. After that, `store` must reject
   * with an error of the library. Some cases call it twice.
   */
  stop(): Promise<void>
}

/** Another process of the app. */
export interface OtherProcess {
  readonly store: ConnectionStore
  /**
   * Sets the wall clock of the process (`Date`, `performance.timeOrigin`) ahead of the real time,
   * or behind it if `aheadMs` is negative. Then opens the store again. A handle in this process
   * does nothing.
   */
  moveClock(aheadMs: number): Promise<void>
  /**
   * Kills the process immediately, like SIGKILL. Unanswered commands reject; they may have taken
   * effect or not. Calling it again has no effect.
   */
  kill(): Promise<void>
}
