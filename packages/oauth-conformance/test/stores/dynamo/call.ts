import type { DynamoCall } from './store.ts'

/**
 * Calls the emulated table, which needs no signature. The timeout of five seconds is for busy test
 * machines; an app would use a shorter one.
 */
export const createCall =
  (endpoint: string): DynamoCall =>
  (action, input) =>
    fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${action}`,
      },
      body: JSON.stringify(input),
      signal: AbortSignal.timeout(5_000),
    })
