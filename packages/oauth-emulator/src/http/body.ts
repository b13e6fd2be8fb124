/** The largest allowed request body, in bytes. Uploads have larger limits. */
const bodyLimitBytes = 1024 * 1024

/** Invalid input. Each emulated server answers it in its own format. */
export class BadRequest extends Error {
  readonly status: 400 | 413 | 415

  constructor(message: string, status: 400 | 413 | 415 = 400) {
    super(message)
    this.name = 'BadRequest'
    this.status = status
  }
}

/**
 * Of a larger body, this many bytes are read and dropped, so that the client reads the response.
 */
const drainLimitBytes = 64 * 1024 * 1024

/** Reads a body of at most `limitBytes`, by default 1 MiB. */
export async function readBody(
  request: Request,
  limitBytes = bodyLimitBytes,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of request.body ?? []) {
      length += chunk.byteLength
      if (length > drainLimitBytes) break
      if (length <= limitBytes) chunks.push(chunk)
    }
  } catch {
    throw new BadRequest('The body ended early.')
  }
  if (length > limitBytes) throw new BadRequest(`The body is larger than ${limitBytes} bytes.`, 413)
  const body = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    body.set(chunk, offset)
    offset += chunk.byteLength
  }
  return body
}
