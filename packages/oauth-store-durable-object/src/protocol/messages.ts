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

/** The properties of a record that a listing shows. Only these are sent to the index. */
export type IndexedFields = Omit<ConnectionSummary, 'id'>

/** The message from the object of a connection to the index. */
export interface IndexUpdate {
  readonly id: ConnectionId
  /** Version of the fields (`Schedule.sequence`). The index ignores an update with an older one. */
  readonly sequence: number
  /** Missing if the record was removed. */
  readonly fields?: IndexedFields
}

/**
 * The result of a call by RPC: a value, or an error of this library. An exception that crosses RPC
 * loses its class and its properties, so the error is sent as JSON.
 */
export type RpcResult<T> = { readonly value: T } | { readonly error: RecruitOAuthErrorJson }

export interface AccessTokenResult {
  readonly accessToken: string
  /**
   * The data center that accepts the token. The base URL of its API is `recruitApi` of this data
   * center, in the option `dataCenters` or in `zohoDataCenters` (exported by core).
   */
  readonly dataCenter: DataCenterId
}

/**
 * The methods of both kinds of Durable Object: the object of a connection, and the index. Both have
 * the same class. The runtime calls `alarm`, and the others are called by RPC. Apps use
 * `durableObjectStore` and `zohoConnection` instead.
 */
export interface StoreObject {
  // Methods of a connection. `accessToken` and `revoke` take the app's id. `write` takes the stored
  // id, which is the app's id behind a prefix for the client (see core's `storedId`).
  read(): ReturnType<ConnectionStore['read']>
  write(
    id: ConnectionId,
    next: SealedRecord | undefined,
    expected: Revision | 'absent',
  ): ReturnType<ConnectionStore['write']>
  accessToken(id: ConnectionId, clientId: string): Promise<RpcResult<AccessTokenResult>>
  revoke(id: ConnectionId, clientId: string): Promise<RpcResult<void>>
  alarm(): Promise<void>
  // Methods of the index.
  applyUpdate(update: IndexUpdate): Promise<void>
  list(query: ListQuery): Promise<ConnectionSummary[]>
}
