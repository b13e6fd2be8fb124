import { wait } from './wait.ts'

type Bytes = Uint8Array<ArrayBuffer>

/**
 * Replaces the body of an answer and keeps its status and headers. An answer without a body does
 * not change.
 */
export async function replaceBody(
  answer: Response,
  change: (body: Bytes) => Bytes,
): Promise<Response> {
  if (answer.body === null) return answer
  return new Response(change(new Uint8Array(await answer.arrayBuffer())), answer)
}

/** Sends the body of an answer one byte at a time, with a pause of `seconds` before each byte. */
export async function slowDown(
  answer: Response,
  seconds: number,
  signal: AbortSignal,
): Promise<Response> {
  if (answer.body === null) return answer
  const bytes = new Uint8Array(await answer.arrayBuffer())
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
  return new Response(body, answer)
}
