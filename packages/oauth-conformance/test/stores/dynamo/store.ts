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
 * `POST /` with `X-Amz-Target: DynamoDB_20120810.<action>`, signed and sent once: by `aws4fetch`,
 * say, with `retries: 0`.
 */
export type DynamoCall = (
  action: 'GetItem' | 'PutItem' | 'DeleteItem' | 'Query',
  input: object,
) => Promise<Response>

type Item = Readonly<Record<string, { readonly S?: string; readonly BOOL?: boolean }>>

/**
 * Connections in one table of DynamoDB: partition key `pk`, sort key `id`, and three LOCAL
 * secondary indexes on `by_id`, `by_owner` and `by_unfinished`, which include `status`,
 * `pending`, `principal` and `dataCenter`. A local index can be read consistently; a global one is
 * always late. Its price: one partition holds them all, of 10 GB, and of 1,000 written KB a second.
 */
export const dynamoStore = (
  call: DynamoCall,
  TableName = 'zrecruit_connections',
): ConnectionStore => {
  const timeIn = serverClock()

  const ask = async (
    action: Parameters<DynamoCall>[0],
    input: object,
  ): Promise<{
    asOf: EpochMs
    refused?: true
    Item?: Item
    Items?: Item[]
    LastEvaluatedKey?: object
  }> => {
    try {
      const sent = performance.now()
      const response = await call(action, { TableName, ...input })
      const asOf = timeIn(response.headers.get('date') ?? '', sent, performance.now())
      const body = (await response.json()) as { __type?: string }
      if (response.ok) return { ...body, asOf }
      const type = body.__type?.split('#')[1]
      if (type === 'ConditionalCheckFailedException') return { refused: true, asOf }
      throw new RecruitOAuthError('store-unavailable', {
        summary: `DynamoDB refused ${action} (${type ?? response.status}).`,
      })
    } catch (error) {
      // What else is thrown can quote addresses and keys.
      throw isRecruitOAuthError(error)
        ? error
        : new RecruitOAuthError('store-unavailable', { summary: 'DynamoDB did not answer.' })
    }
  }
  const keyOf = (id: string) => ({ pk: { S: 'connections' }, id: { S: id } })

  return {
    async read(id) {
      const { Item, asOf } = await ask('GetItem', { Key: keyOf(id), ConsistentRead: true })
      return {
        asOf,
        ...(Item && {
          record: {
            revision: text(Item, 'revision'),
            ...factsIn(Item),
            envelope: text(Item, 'envelope'),
          },
        }),
      }
    },

    async write(id, next, expected) {
      if (!next && expected === 'absent') {
        const { Item, asOf } = await ask('GetItem', { Key: keyOf(id), ConsistentRead: true })
        return { written: !Item, asOf }
      }
      // One condition and one write, in one step: DynamoDB looks and writes, not we.
      const condition =
        expected === 'absent'
          ? { ConditionExpression: 'attribute_not_exists(id)' }
          : {
              ConditionExpression: 'revision = :expected',
              ExpressionAttributeValues: { ':expected': { S: expected } },
            }
      const { refused, asOf } = await (next
        ? ask('PutItem', { Item: { ...keyOf(id), ...itemOf(id, next) }, ...condition })
        : ask('DeleteItem', { Key: keyOf(id), ...condition }))
      return { written: !refused, asOf }
    },

    async list({ principal, pending, after, limit }) {
      if (!Number.isInteger(limit) || limit < 1 || limit > 1000)
        throw new RecruitOAuthError('argument-invalid', {
          summary: '`limit` is not an integer from 1 to 1000.',
        })
      const [index, prefix] =
        principal !== undefined
          ? ['by_owner', digest(principal)]
          : [pending ? 'by_unfinished' : 'by_id', '']
      const both = principal !== undefined && pending
      const rows: ConnectionSummary[] = []
      let from: object | undefined
      do {
        // A page ends after a megabyte, and is counted before it is filtered: it can be short, or
        // empty, and not the last.
        const { Items = [], LastEvaluatedKey } = await ask('Query', {
          IndexName: index,
          ConsistentRead: true,
          KeyConditionExpression: `pk = :pk AND ${index} BETWEEN :first AND :last`,
          ...(both && { FilterExpression: 'pending = :true' }),
          ExpressionAttributeValues: {
            ':pk': { S: 'connections' },
            // What comes next after an id is that id and U+0000; after all that begin with `/`,
            // `0`.
            ':first': { S: `${prefix}/${after === undefined ? '' : `${after}\0`}` },
            ':last': { S: `${prefix}0` },
            ...(both && { ':true': { BOOL: true } }),
          },
          Limit: limit,
          ...(from && { ExclusiveStartKey: from }),
        })
        for (const item of Items) rows.push({ id: text(item, 'id'), ...factsIn(item) })
        from = LastEvaluatedKey
      } while (from && rows.length < limit)
      return rows.slice(0, limit)
    },
  }
}

/** No two of these are names that DynamoDB reserves and an expression uses. */
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
  // Keys of the indexes. An item without one is not in that index. A key has 1,024 octets; an principal
  // and an id can have more.
  by_id: { S: `/${id}` },
  ...(principal !== undefined && { by_owner: { S: `${digest(principal)}/${id}` } }),
  ...(pending && { by_unfinished: { S: `/${id}` } }),
})

const factsIn = (item: Item) => ({
  status: text(item, 'status') as SealedRecord['status'],
  pending: item['pending']?.BOOL === true,
  ...(item['principal'] && { principal: text(item, 'principal') }),
  ...(item['dataCenter'] && { dataCenter: text(item, 'dataCenter') }),
})

const text = (item: Item, name: string): string => item[name]?.S ?? ''
const digest = (principal: string): string =>
  createHash('sha256').update(principal).digest('base64url')

/**
 * DynamoDB tells its time in one place, the `Date` of an answer, to the second. When an answer is
 * heard, that second has begun; when it was asked for, it was not over. Between these bounds our
 * monotonic clock carries the time on, and is corrected only where an answer makes it necessary. So
 * it is off by half a second at first, by the way of a message soon, and never goes back.
 */
const serverClock = () => {
  let ahead: number | undefined
  let last = 0
  return (date: string, sent: number, heard: number): EpochMs => {
    const second = Date.parse(date)
    const [least, most] = [second - heard, second + 1_000 - sent]
    ahead = ahead === undefined ? (least + most) / 2 : Math.min(Math.max(ahead, least), most)
    last = Math.max(last, Math.floor(heard + ahead))
    return last
  }
}
