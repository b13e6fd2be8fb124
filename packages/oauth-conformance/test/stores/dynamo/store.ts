import {
  isRecruitOAuthError,
  RecruitOAuthError,
  type ConnectionStore,
  type ConnectionSummary,
  type EpochMs,
  type SealedRecord,
} from '@zrecruit/oauth-core'
import { createHash } from 'node:crypto'

/**
 * Sends `POST /` with `X-Amz-Target: DynamoDB_20120810.<action>`, signed and without retries, for
 * example by `aws4fetch` with `retries: 0`.
 */
export type DynamoCall = (
  action: 'GetItem' | 'PutItem' | 'DeleteItem' | 'Query',
  input: object,
) => Promise<Response>

type Item = Readonly<Record<string, { readonly S?: string; readonly BOOL?: boolean }>>

/**
 * Connections in one DynamoDB table: partition key `pk`, sort key `id`, and three LOCAL secondary
 * indexes on `by_id`, `by_principal` and `by_pending`, which include `status`, `pending`,
 * `principal` and `dataCenter`. A local index supports consistent reads; a global index does not.
 * The cost: all connections are in one partition, limited to 10 GB and to 1,000 write units
 * (of 1 KB) per second.
 */
export const dynamoStore = (
  call: DynamoCall,
  TableName = 'zrecruit_connections',
): ConnectionStore => {
  const storeTimeAt = createServerClock()

  const send = async (
    action: Parameters<DynamoCall>[0],
    input: object,
  ): Promise<{
    asOf: EpochMs
    isConditionFailed?: true
    Item?: Item
    Items?: Item[]
    LastEvaluatedKey?: object
  }> => {
    try {
      const sentAt = performance.now()
      const response = await call(action, { TableName, ...input })
      const date = response.headers.get('date') ?? ''
      const asOf = storeTimeAt(date, sentAt, performance.now())
      const body = (await response.json()) as { __type?: string }
      if (response.ok) return { ...body, asOf }
      const type = body.__type?.split('#')[1]
      if (type === 'ConditionalCheckFailedException') return { isConditionFailed: true, asOf }
      throw new RecruitOAuthError('store-unavailable', {
        summary: `DynamoDB refused ${action} (${type ?? response.status}).`,
      })
    } catch (error) {
      // Errors that are not the library's own can contain addresses and credentials.
      throw isRecruitOAuthError(error)
        ? error
        : new RecruitOAuthError('store-unavailable', {
            summary: 'DynamoDB gave no usable response.',
          })
    }
  }
  const keyOf = (id: string) => ({ pk: { S: 'connections' }, id: { S: id } })

  return {
    async read(id) {
      const { Item, asOf } = await send('GetItem', { Key: keyOf(id), ConsistentRead: true })
      return {
        asOf,
        ...(Item && {
          record: {
            revision: text(Item, 'revision'),
            ...summaryFieldsOf(Item),
            envelope: text(Item, 'envelope'),
          },
        }),
      }
    },

    async write(id, next, expected) {
      if (!next && expected === 'absent') {
        const { Item, asOf } = await send('GetItem', { Key: keyOf(id), ConsistentRead: true })
        return { written: !Item, asOf }
      }
      // One conditional write, so that DynamoDB compares and writes atomically.
      const condition =
        expected === 'absent'
          ? { ConditionExpression: 'attribute_not_exists(id)' }
          : {
              ConditionExpression: 'revision = :expected',
              ExpressionAttributeValues: { ':expected': { S: expected } },
            }
      const { isConditionFailed, asOf } = await (next
        ? send('PutItem', { Item: { ...keyOf(id), ...itemOf(id, next) }, ...condition })
        : send('DeleteItem', { Key: keyOf(id), ...condition }))
      return { written: !isConditionFailed, asOf }
    },

    async list({ principal, pending, after, limit }) {
      if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
        throw new RecruitOAuthError('argument-invalid', {
          summary: '`limit` is not an integer from 1 to 1000.',
        })
      const index = indexFor(principal, pending)
      const prefix = principal === undefined ? '' : digest(principal)
      const hasFilter = principal !== undefined && pending
      const rows: ConnectionSummary[] = []
      let startKey: object | undefined
      do {
        // A page ends after 1 MB, and `Limit` counts rows before the filter. So a page can be short
        // or empty without being the last.
        const { Items = [], LastEvaluatedKey } = await send('Query', {
          IndexName: index,
          ConsistentRead: true,
          KeyConditionExpression: `pk = :pk AND ${index} BETWEEN :first AND :last`,
          ...(hasFilter && { FilterExpression: 'pending = :true' }),
          ExpressionAttributeValues: {
            ':pk': { S: 'connections' },
            // The next possible id after `after` has a U+0000 at the end. The digit 0 is the byte
            // after `/`, so `:last` comes after all keys that begin with the prefix and `/`.
            ':first': { S: `${prefix}/${after === undefined ? '' : `${after}\0`}` },
            ':last': { S: `${prefix}0` },
            ...(hasFilter && { ':true': { BOOL: true } }),
          },
          Limit: limit,
          ...(startKey && { ExclusiveStartKey: startKey }),
        })
        for (const item of Items) rows.push({ id: text(item, 'id'), ...summaryFieldsOf(item) })
        startKey = LastEvaluatedKey
      } while (startKey && rows.length < limit)
      return rows.slice(0, limit)
    },
  }
}

const indexFor = (principal: string | undefined, pending: boolean | undefined) => {
  if (principal !== undefined) return 'by_principal'
  return pending ? 'by_pending' : 'by_id'
}

/** The attributes of an item. `status` is a reserved word, so no expression may use this name. */
const itemOf = (
  id: string,
  { revision, status, pending, principal, dataCenter, envelope }: SealedRecord,
): Item => ({
  revision: { S: revision },
  status: { S: status },
  pending: { BOOL: pending },
  ...(principal !== undefined && { principal: { S: principal } }),
  ...(dataCenter !== undefined && { dataCenter: { S: dataCenter } }),
  envelope: { S: envelope },
  // Keys of the indexes. An item without a key is not in that index. A key has at most 1,024 bytes,
  // but a principal and an id together can have more. So the key has a digest of the principal.
  by_id: { S: `/${id}` },
  ...(principal !== undefined && { by_principal: { S: `${digest(principal)}/${id}` } }),
  ...(pending && { by_pending: { S: `/${id}` } }),
})

const summaryFieldsOf = (item: Item) => ({
  status: text(item, 'status') as SealedRecord['status'],
  pending: item['pending']?.BOOL === true,
  ...(item['principal'] && { principal: text(item, 'principal') }),
  ...(item['dataCenter'] && { dataCenter: text(item, 'dataCenter') }),
})

const text = (item: Item, name: string): string => item[name]?.S ?? ''
const digest = (principal: string): string =>
  createHash('sha256').update(principal).digest('base64url')

/**
 * DynamoDB returns its time only in the `Date` header, in seconds. Its time was at least that
 * second when the response arrived, and less than a second later when the request was sent. Within
 * these bounds the local monotonic clock provides the time, and a response corrects it only if
 * necessary. The error is about half a second at first, and about the time of a round trip after
 * some responses. The time never goes back.
 */
const createServerClock = () => {
  /** The server's time minus the local monotonic time. */
  let offsetMs: number | undefined
  let lastTime = 0
  return (date: string, sentAt: number, receivedAt: number): EpochMs => {
    const second = Date.parse(date)
    if (Number.isNaN(second)) throw new Error('The response has no valid Date header.')
    const minOffsetMs = second - receivedAt
    const maxOffsetMs = second + 1_000 - sentAt
    offsetMs ??= (minOffsetMs + maxOffsetMs) / 2
    offsetMs = Math.min(Math.max(offsetMs, minOffsetMs), maxOffsetMs)
    lastTime = Math.max(lastTime, Math.floor(receivedAt + offsetMs))
    return lastTime
  }
}
