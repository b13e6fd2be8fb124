/**
 * A real database server that a test starts. It listens on a free port of 127.0.0.1. `stop` removes
 * its data directory.
 */
export interface Service {
  /** The server's address, in the format of `POSTGRES_URL` or `REDIS_URL`. */
  readonly url: string
  /** The directory with its data, so that a test can search the files. */
  readonly directory: string
  /** Sends SIGKILL to all of its processes, and resolves when they have ended. */
  kill(): Promise<void>
  /** Starts it again after `kill`, on the same port, with the data that is on the disk. */
  restart(): Promise<void>
  /** Sends SIGSTOP: the server still receives connections and commands, but answers none. */
  freeze(): void
  /** Continues the server after `freeze`, with SIGCONT. */
  thaw(): void
  /** Ends the server and removes its data. It may be called again. */
  stop(): Promise<void>
}
