import { wait } from './wait.ts'

type Bytes = Uint8Array<ArrayBuffer>

/**
 * An answer with another body under the same status and headers. An answer without a body stays as
 * it is.
 */
export async function changed(answer: Response, change: (body: Bytes) => Bytes): Promise<Response> {
  if (answer.body === null) return answer
  return new Response(change(new Uint8Array(await answer.arrayBuffer())), answer)
}

/** An answer whose body comes byte by byte, one every so many seconds, to who reads it. */
export async function dripping(
  answer: Response,
  seconds: number,
  gone: AbortSignal,
): Promise<Response> {
  if (answer.body === null) return answer
  const bytes = new Uint8Array(await answer.arrayBuffer())
  const cancelled = new AbortController()
  const ends = AbortSignal.any([gone, cancelled.signal])
  let next = 0
  const body = new ReadableStream<Bytes>(
    {
      async pull(controller) {
        await wait(seconds, ends)
        controller.enqueue(bytes.slice(next, ++next))
        if (next >= bytes.length) controller.close()
      },
      cancel: () => cancelled.abort(),
    },
    { highWaterMark: 0 },
  )
  return new Response(body, answer)
}
