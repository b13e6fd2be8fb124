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

/** What a listing shows of a record, and therefore all that the index is told. */
export type Facts = Omit<ConnectionSummary, 'id'>

/** What a connection object tells the index. Without `facts` the record is gone. */
export interface Update {
  readonly id: ConnectionId
  /** Grows with each change of the facts: an update that comes late is known by it. */
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
  /** Whose Recruit API takes the token: `zohoDataCenters[dataCenter].recruitApi` of core. */
  readonly dataCenter: DataCenterId
}

/**
 * What an object answers by RPC, in either of its parts. Apps use `durableObjectStore` and
 * `zohoConnection`, which speak it.
 */
export interface ConnectionObject {
  // A connection. `accessToken` and `revoke` get the app's id; `write` gets the id that core gives
  // to stores (`storedId`)
  read(): ReturnType<ConnectionStore['read']>
  write(
    id: ConnectionId,
    next: SealedRecord | undefined,
    expected: Revision | 'absent',
  ): ReturnType<ConnectionStore['write']>
  accessToken(id: ConnectionId, clientId: string): Promise<Answer<AccessTokenResult>>
  revoke(id: ConnectionId, clientId: string): Promise<Answer<void>>
  alarm(): Promise<void>
  // The index
  tell(update: Update): Promise<void>
  list(query: ListQuery): Promise<ConnectionSummary[]>
}
