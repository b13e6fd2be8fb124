import { describe, expect, it } from 'vitest'
import {
  describeStore,
  runStoreCase,
  storeCases,
  storeInProcess,
  type StoreHarness,
} from '../src/index.ts'
import { createCall } from './stores/dynamo/call.ts'
import { startDynamo } from './stores/dynamo/server.ts'
import { dynamoStore, type DynamoCall } from './stores/dynamo/store.ts'

/** The store of docs/write-your-own-store.md. `broken` changes its requests to DynamoDB. */
const dynamo = (
  name: string,
  broken: (call: DynamoCall) => DynamoCall = (call) => call,
): StoreHarness => ({
  name,
  async start() {
    const { endpoint, stop } = await startDynamo()
    return {
      store: dynamoStore(broken(createCall(endpoint))),
      another: () => storeInProcess(new URL('stores/dynamo/remote.ts', import.meta.url), endpoint),
      stop,
    }
  },
})

describe('M18: the DynamoDB store of the documentation', () => {
  describeStore(dynamo('an emulated DynamoDB table'), { describe, it })
})

describe('the cases detect typical mistakes with DynamoDB', () => {
  const changeInput =
    (change: (input: any) => object) =>
    (call: DynamoCall): DynamoCall =>
    (action, input) =>
      call(action, change(input))
  it.each([
    [
      'a global index',
      changeInput(({ IndexName, ConsistentRead, ...rest }) => ({
        ...rest,
        ...(IndexName ? { IndexName: `global-${IndexName}` } : { ConsistentRead }),
      })),
      ['list-follows-owner', 'list-follows-unfinished', 'list-is-true'],
    ],
    [
      'inconsistent reads',
      changeInput((input) => ({ ...input, ConsistentRead: false })),
      ['comes-back', 'absent-removal', 'list-facts'],
    ],
    [
      'writes without a condition',
      changeInput(({ ConditionExpression, ExpressionAttributeValues, ...rest }) => ({
        ...rest,
        ...(!ConditionExpression && { ExpressionAttributeValues }),
      })),
      ['absent-keeps', 'passed-revision', 'first-of-fifty', 'ten-count'],
    ],
    [
      'a client that retries automatically',
      (call: DynamoCall): DynamoCall =>
        async (action, input) => {
          if (action === 'PutItem') await call(action, input)
          return call(action, input)
        },
      ['revision-replaces', 'comes-back'],
    ],
  ])('%s', async (_mistake, broken, ids) => {
    for (const testCase of storeCases.filter(({ id }) => ids.includes(id)))
      await expect(runStoreCase(dynamo('broken', broken), testCase), testCase.id).rejects.toThrow()
  })
})

it('a response without a `Date` header fails its own command, and no later one', async () => {
  const date = new Date().toUTCString()
  const responses = [Response.json({}), Response.json({}, { headers: { date } })]
  const store = dynamoStore(async () => responses.shift() as Response)
  await expect(store.read('acme')).rejects.toMatchObject({ code: 'store-unavailable' })
  expect(Math.abs((await store.read('acme')).asOf - Date.parse(date))).toBeLessThan(60_000)
})
