import type { StoreResult, StoreCommand } from '@zrecruit/oauth-conformance/remote'
import type { ConnectionStore } from '@zrecruit/oauth-core'
import type { AccessTokenResult, DurableObjectStore } from '@zrecruit/oauth-store-durable-object'

/** The commands that a test sends to the Worker. */
export interface Commands extends Flows, Pick<DurableObjectStore, 'read' | 'list' | 'publish'> {
  /** @param next null, where JSON has no `undefined` */
  write(
    id: string,
    next: Parameters<ConnectionStore['write']>[1] | null,
    expected: string,
  ): ReturnType<ConnectionStore['write']>
  // Commands for one of many stores. Each store has its own class of objects.
  store(number: number, order: StoreCommand): Promise<StoreResult>
  stop(number: number): Promise<void>
  // Operations by a client in the Worker.
  connect(id: string, code: string): Promise<void>
  revoke(id: string): Promise<void>
  forget(id: string): Promise<void>
  // `count` concurrent calls of the object of the connection. Default client: the Worker's.
  accessTokens(id: string, count: number, clientId?: string): Promise<AccessTokenResult[]>
  revokeByObject(id: string, count: number, clientId?: string): Promise<void[]>
  /** Stores a connection of another client, with a pending revocation. */
  leaveOther(id: string): Promise<void>
  // Commands for one object, by its name.
  /** Returns the names of the object's tables, its schedule, and the time of its alarm. */
  inspect(name: string): Promise<{
    tables: string[]
    schedule?: { sequence: number; publish_at: number | null; maintenance_at: number | null }
    alarm: number | null
  }>
  abort(name: string): Promise<void>
  /** Sets the clock of all objects ahead by `ms`. Their alarms still run by the real clock. */
  advanceClock(ms: number): Promise<void>
  /** Sets `maintenance_at` of the object's schedule, and its alarm, to this time. */
  makeDue(name: string, at: number): Promise<void>
  /** Sets the encryption keys of all clients that are created from now on. */
  keys(keys: readonly string[]): Promise<void>
}

export interface FlowOptions {
  /** The id of the connection. */
  readonly as?: string
  /**
   * Stops before this step, counted from 0: the operation then waits at the gate's point
   * `${as} stops`.
   */
  readonly stopsAt?: number
  /** At this step, the object of the connection is aborted, and its response is lost. */
  readonly losesAt?: number
}

/** Commands that run core step by step, or change how an object works. */
export interface Flows {
  /**
   * Runs an operation of core with a new client in the Worker. Each call of the store or of Zoho is
   * two steps: `before …` and `after …`.
   */
  flow(
    operation: string,
    given: readonly unknown[],
    options?: FlowOptions,
  ): Promise<{ readonly steps: readonly string[]; readonly result?: unknown }>
  /** Returns an access token of a client that lives as long as the Worker. */
  serve(id: string): Promise<string>
  /** Runs SQL inside an object. */
  raw(
    name: string,
    statement: string,
    values?: readonly (string | number | null)[],
  ): Promise<Record<string, string | number | null>[]>
  /**
   * From now on, the object also passes the gate at these points: `read before`, `write before`,
   * `write after`.
   */
  setGatePoints(name: string, points: readonly string[]): Promise<void>
}
