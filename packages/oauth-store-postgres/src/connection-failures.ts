import type { Message } from './errors.ts'

// Failures of `pg` while it connects. The statement waits for the connection, so it was not sent.

const notSent = { written: 'no' } as const

/**
 * The failure by the start of its message, where `pg` gives it no code. The error of this library
 * has the texts of this list, never the message.
 * @see https://github.com/brianc/node-postgres/tree/master/packages/pg/lib
 */
const failuresByMessage: readonly (readonly [start: RegExp, failure: Message])[] = [
  [
    /^SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be|^Password must be a string/,
    [
      'configuration-invalid',
      'The PostgreSQL client has no password',
      "Set the pool's password: it is missing, empty or not a string.",
      notSent,
    ],
  ],
  [
    /^SASL: /,
    [
      'configuration-invalid',
      'The PostgreSQL client could not authenticate (SASL)',
      "Correct the pool's user and password, and check that it connects to the right server.",
      notSent,
    ],
  ],
  [
    /^(The server does not support SSL|There was an error establishing an SSL) connection/,
    [
      'configuration-invalid',
      'PostgreSQL refused the TLS connection',
      "Turn TLS on in the server, or remove `ssl` from the pool's options.",
      notSent,
    ],
  ],
  [
    /^(timeout exceeded when trying to connect|Connection terminated due to connection timeout)/,
    [
      'store-unavailable',
      'The pool had no connection to PostgreSQL within its time limit',
      'Check that it is up and that the pool has a free client, then call again.',
      notSent,
    ],
  ],
  [
    /^(Cannot use a pool after calling end|Client was closed and is not queryable)/,
    [
      'store-unavailable',
      'The PostgreSQL client was closed',
      'Close it after its last use.',
      { ...notSent, remedy: 'report' },
    ],
  ],
  [
    /^Client has encountered a connection error and is not queryable/,
    [
      'store-unavailable',
      'The PostgreSQL client has lost its connection',
      'Pass a pool, which opens a new one: new Pool({ … }).',
      notSent,
    ],
  ],
  [
    /^(Connection terminated|Query read timeout)/,
    [
      'store-unavailable',
      'PostgreSQL did not respond',
      'Check that it is up and that the pool has a free client, then call again.',
    ],
  ],
]

const untrustedCertificate: Message = [
  'configuration-invalid',
  "The pool does not trust PostgreSQL's TLS certificate",
  "Set `ssl.ca` in the pool's options, or correct the certificate or the host name.",
  notSent,
]

/**
 * Node's codes for a certificate that it does not accept.
 * @see https://nodejs.org/api/tls.html#x509-certificate-error-codes
 */
const certificateCode =
  /^(CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_|HOSTNAME_MISMATCH|ERR_TLS_CERT_)/

/** The failure to connect that an error of the driver reports, if it is a known one. */
export const connectionFailureOf = (
  error: unknown,
  code: string | undefined,
): Message | undefined => {
  if (code !== undefined && certificateCode.test(code)) return untrustedCertificate
  const message = (error as { readonly message?: unknown } | null | undefined)?.message
  if (typeof message !== 'string') return undefined
  return failuresByMessage.find(([start]) => start.test(message))?.[1]
}
