/**
 * A real database server of this test run's own: on loopback, on a free port, its data in a
 * directory that goes with it.
 */
export interface Service {
  /** As `POSTGRES_URL` or `REDIS_URL` would name it. */
  readonly url: string
  /** Where its data is, to be searched byte for byte. */
  readonly directory: string
  /** SIGKILL to all of its processes: as when the machine dies. Resolves when they are gone. */
  kill(): Promise<void>
  /** Starts it again after `kill`, on the same port, with the data that is on the disk. */
  restart(): Promise<void>
  /** SIGSTOP: it takes connections and commands, and answers none. */
  freeze(): void
  /** SIGCONT. */
  thaw(): void
  /** Ends it and removes its data. Twice is no error. */
  stop(): Promise<void>
}
