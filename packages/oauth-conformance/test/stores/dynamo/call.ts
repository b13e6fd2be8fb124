import type { DynamoCall } from './store.ts'

/**
 * To the table of the test, which asks for no signature. An app would not wait for five seconds; a
 * test on a busy machine does.
 */
export const callOf =
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
