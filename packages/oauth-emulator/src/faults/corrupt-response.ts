import { wait } from './wait.ts'

type Bytes = Uint8Array<ArrayBuffer>

/**
 * Replaces the body of a response and keeps its status and headers. A response without a body does
 * not change.
 */
export async function replaceBody(
  response: Response,
  change: (body: Bytes) => Bytes,
): Promise<Response> {
  if (response.body === null) return response
  return new Response(change(new Uint8Array(await response.arrayBuffer())), response)
}

/** Sends the body of a response one byte at a time, with a pause of `seconds` before each byte. */
export async function slowDown(
  response: Response,
  seconds: number,
  signal: AbortSignal,
): Promise<Response> {
  if (response.body === null) return response
  const bytes = new Uint8Array(await response.arrayBuffer())
  const cancelled = new AbortController()
  const ended = AbortSignal.any([signal, cancelled.signal])
  let next = 0
  const body = new ReadableStream<Bytes>(
    {
      async pull(controller) {
        await wait(seconds, ended)
        controller.enqueue(bytes.slice(next, next + 1))
        next += 1
        if (next >= bytes.length) controller.close()
      },
      cancel: () => cancelled.abort(),
    },
    { highWaterMark: 0 },
  )
  return new Response(body, response)
}
