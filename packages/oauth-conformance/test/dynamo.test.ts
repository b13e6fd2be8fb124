import { describe, expect, it } from 'vitest'
import {
  describeStore,
  runStoreCase,
  storeCases,
  storeInProcess,
  type StoreHarness,
} from '../src/index.ts'
import { callOf } from './stores/dynamo/call.ts'
import { startDynamo } from './stores/dynamo/server.ts'
import { dynamoStore, type DynamoCall } from './stores/dynamo/store.ts'

/** The store of docs/write-your-own-store.md; `broken` changes what it says to DynamoDB. */
const dynamo = (
  name: string,
  broken: (call: DynamoCall) => DynamoCall = (call) => call,
): StoreHarness => ({
  name,
  async start() {
    const { endpoint, stop } = await startDynamo()
    return {
      store: dynamoStore(broken(callOf(endpoint))),
      another: () => storeInProcess(new URL('stores/dynamo/remote.ts', import.meta.url), endpoint),
      stop,
    }
  },
})

describe('M18: the store of the page', () => {
  describeStore(dynamo('a table of DynamoDB’s shape'), { describe, it })
})

describe('what goes wrong on DynamoDB is seen', () => {
  const changing =
    (change: (input: any) => object) =>
    (call: DynamoCall): DynamoCall =>
    (action, input) =>
      call(action, change(input))
  it.each([
    [
      'an index that is global',
      changing(({ IndexName, ConsistentRead, ...rest }) => ({
        ...rest,
        ...(IndexName ? { IndexName: `global-${IndexName}` } : { ConsistentRead }),
      })),
      ['list-follows-owner', 'list-follows-unfinished', 'list-is-true'],
    ],
    [
      'reads that are not consistent',
      changing((input) => ({ ...input, ConsistentRead: false })),
      ['comes-back', 'absent-removal', 'list-facts'],
    ],
    [
      'writes without a condition',
      changing(({ ConditionExpression, ExpressionAttributeValues, ...rest }) => ({
        ...rest,
        ...(!ConditionExpression && { ExpressionAttributeValues }),
      })),
      ['absent-keeps', 'passed-revision', 'first-of-fifty', 'ten-count'],
    ],
    [
      'a client that sends again by itself',
      (call: DynamoCall): DynamoCall =>
        async (action, input) => {
          if (action === 'PutItem') await call(action, input)
          return call(action, input)
        },
      ['revision-replaces', 'comes-back'],
    ],
  ])('%s', async (_what, broken, ids) => {
    for (const one of storeCases.filter(({ id }) => ids.includes(id)))
      await expect(runStoreCase(dynamo('broken', broken), one), one.id).rejects.toThrow()
  })
})
