import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { dynamoTable, Refusal } from './table.ts'

/**
 * Serves the table over HTTP like DynamoDB: JSON 1.0, the action in `X-Amz-Target`, exceptions as
 * `__type`, and a `Date` header.
 */
export const startDynamo = async () => {
  const table = dynamoTable()
  const server = createServer(async (request, response) => {
    const [status, body] = execute(
      table,
      String(request.headers['x-amz-target']).replace('DynamoDB_20120810.', ''),
      await text(request),
    )
    response
      .writeHead(status, { 'content-type': 'application/x-amz-json-1.0' })
      .end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const execute = (
  table: ReturnType<typeof dynamoTable>,
  action: string,
  body: string,
): [status: number, body: object] => {
  try {
    return [200, table.execute(action, JSON.parse(body))]
  } catch (error) {
    if (error instanceof Refusal)
      return [
        400,
        { __type: `com.amazonaws.dynamodb.v20120810#${error.type}`, message: error.message },
      ]
    return [500, { __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError' }]
  }
}
