import {
  type ConnectionId,
  type ConnectionStore,
  type ConnectionSummary,
  type DataCenterId,
  type ListQuery,
  type RecruitOAuthErrorJson,
  type Revision,
  type SealedRecord,
} from '@zrecruit/oauth-core'

/** The properties that a listing shows. The index gets no others. */
export type Facts = Omit<ConnectionSummary, 'id'>

/** The message of a connection object to the index. Without `facts`, the record was removed. */
export interface Update {
  readonly id: ConnectionId
  /** Grows with each change of the facts, so that the index can ignore late updates. */
  readonly sequence: number
  readonly facts?: Facts
}

/**
 * The result of a call by RPC. An exception that crosses RPC loses its class and its properties, so
 * errors are carried as JSON.
 */
export type Answer<T> = { readonly value: T } | { readonly error: RecruitOAuthErrorJson }

export interface AccessTokenResult {
  readonly accessToken: string
  /** The data center that accepts the token: `zohoDataCenters[dataCenter].recruitApi` of core. */
  readonly dataCenter: DataCenterId
}

/** The RPC methods of the objects. Apps use `durableObjectStore` and `zohoConnection` instead. */
export interface ConnectionObject {
  // Methods of a connection. `accessToken` and `revoke` take the app's id; `write` takes the id
  // that core passes to stores (`storedId`).
  read(): ReturnType<ConnectionStore['read']>
  write(
    id: ConnectionId,
    next: SealedRecord | undefined,
    expected: Revision | 'absent',
  ): ReturnType<ConnectionStore['write']>
  accessToken(id: ConnectionId, clientId: string): Promise<Answer<AccessTokenResult>>
  revoke(id: ConnectionId, clientId: string): Promise<Answer<void>>
  alarm(): Promise<void>
  // Methods of the index.
  publish(update: Update): Promise<void>
  list(query: ListQuery): Promise<ConnectionSummary[]>
}
