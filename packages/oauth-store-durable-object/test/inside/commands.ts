import type { StoreResult, StoreCommand } from '@zrecruit/oauth-conformance/remote'
import type { ConnectionStore } from '@zrecruit/oauth-core'
import type { AccessTokenResult, DurableObjectStore } from '@zrecruit/oauth-store-durable-object'

/** What the Worker does when it is told to. */
export interface Commands extends Flows, Pick<DurableObjectStore, 'read' | 'list' | 'publish'> {
  /** @param next null, where JSON has no `undefined` */
  write(
    id: string,
    next: Parameters<ConnectionStore['write']>[1] | null,
    expected: string,
  ): ReturnType<ConnectionStore['write']>
  // Of one store of many, each with a class of its own.
  store(number: number, order: StoreCommand): Promise<StoreResult>
  stop(number: number): Promise<void>
  // By a client of the Worker's own, as the adapter's routes would.
  connect(id: string, code: string): Promise<void>
  revoke(id: string): Promise<void>
  forget(id: string): Promise<void>
  // By the connection's object, so many at once; of the Worker's client unless another is named.
  accessTokens(id: string, count: number, clientId?: string): Promise<AccessTokenResult[]>
  revokeByObject(id: string, count: number, clientId?: string): Promise<void[]>
  /** Stores a revocation of another client's connection, which that client left pending. */
  leaveOther(id: string): Promise<void>
  // Of an object by its name.
  look(name: string): Promise<{
    tables: string[]
    schedule?: { sequence: number; publish_at: number | null; work_at: number | null }
    alarm: number | null
  }>
  abort(name: string): Promise<void>
  /** For all objects it is so much later from now on, but for their alarms. */
  push(ms: number): Promise<void>
  /** Puts what is to be done at this instant. */
  due(name: string, at: number): Promise<void>
  /** The keys that seal and open from now on, in clients that are made from now on. */
  keys(keys: readonly string[]): Promise<void>
}

export interface Flow {
  /** The connection that it is about. */
  readonly as?: string
  /**
   * Gets no further than to this step, counted from 0: whatever it asks from then on waits at the
   * gate, at `${as} stops`.
   */
  readonly stopsAt?: number
  /** After this step the connection's object ends, and the answer is lost. */
  readonly losesAt?: number
}

/** What tells more of the way than of the end. */
export interface Flows {
  /** A verb of core's, by a client of the Worker's own; each step before and after what it asks. */
  flow(
    verb: string,
    given: readonly unknown[],
    flow?: Flow,
  ): Promise<{ readonly steps: readonly string[]; readonly result?: unknown }>
  /** An access token, by a client that lives as long as the Worker. */
  serve(id: string): Promise<string>
  /** SQL inside an object. */
  raw(
    name: string,
    statement: string,
    values?: readonly (string | number | null)[],
  ): Promise<Record<string, string | number | null>[]>
  /**
   * The object asks the gate at these points, too: `read before`, `write before`, `write after`.
   */
  asks(name: string, points: readonly string[]): Promise<void>
}
