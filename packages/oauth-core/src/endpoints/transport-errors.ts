/** The part of a platform's error that is read here. */
interface SystemError {
  readonly code?: unknown
  readonly syscall?: unknown
  readonly message?: unknown
  readonly cause?: SystemError | null
}

/** How many causes of an error are read. */
const maxCauses = 5

/**
 * Does the error, or one of its causes, satisfy the condition? An app's own `fetch` can throw a
 * value whose properties cannot be read; then the result is `false`.
 */
const hasCause = (error: unknown, isMatch: (error: SystemError) => boolean): boolean => {
  try {
    let cause = error as SystemError | null | undefined
    for (let depth = 0; depth <= maxCauses && cause; depth++) {
      if (isMatch(cause)) return true
      cause = cause.cause
    }
    return false
  } catch {
    return false
  }
}

/**
 * Error codes of the runtimes for a connection that could not be established, or whose certificate
 * is not trusted.
 */
const connectErrorCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ConnectionRefused',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/**
 * Is it certain that no byte of the request was sent? With the system calls `read` and `write`, the
 * same codes mean that a connection broke later.
 */
export const wasNeverSent = (error: unknown): boolean =>
  hasCause(
    error,
    ({ code, syscall }) =>
      syscall === 'connect' ||
      (connectErrorCodes.has(String(code)) && syscall !== 'read' && syscall !== 'write'),
  )

/**
 * Did a proxy refuse to open a tunnel, because it requires authentication? Runtimes report this by
 * the status in a message, for example undici: "Proxy response (407) !== 200 when HTTP Tunneling".
 */
export const isProxyRefusal = (error: unknown): boolean =>
  hasCause(
    error,
    ({ code, message }) =>
      code === 'ProxyAuthenticationRequired' ||
      (typeof message === 'string' &&
        /proxy/i.test(message) &&
        /\b407\b|authentication/i.test(message)),
  )

/**
 * Error codes of undici, Node's HTTP client, for a request that it refuses to send: because of a
 * header that only undici may set, or a wrong content length.
 */
const requestRefusals = new Set<unknown>([
  'UND_ERR_INVALID_ARG',
  'UND_ERR_NOT_SUPPORTED',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
])

/** Did the HTTP client refuse the request, because of one of its options? */
export const isRequestRefusal = (error: unknown): boolean =>
  hasCause(error, ({ code }) => requestRefusals.has(code))
