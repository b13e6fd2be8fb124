import type { EndpointFailure } from '../../src/endpoints/outcome.ts'
import { json, type Reply } from './server.ts'

export interface Case {
  readonly title: string
  readonly reply: Reply
  /** The parsed response of the token endpoint. */
  readonly token:
    | Pick<EndpointFailure, 'reason' | 'status' | 'retryAfterMs' | 'zohoError'>
    | {
        readonly expiresInMs: number
        readonly apiDomain?: string
        readonly scopes?: readonly string[]
        readonly refreshToken?: true
      }
  /** The outcome of a revocation if every endpoint sends this reply. */
  readonly revoke: string
}

export const refused = (error: string, reason: EndpointFailure['reason'], status = 200): Case => ({
  title: `T7: ${status} with ${error}`,
  reply: json({ error }, status, { server: 'ZGS', 'set-cookie': 'b266a5bf57=1; Path=/' }),
  token: { reason, status, ...(error !== '' && { zohoError: error }) },
  revoke: reason === 'invalid_grant' ? 'ok after 3' : `${reason} after 3`,
})

/** Refusals that another request would get again, and words that are no throttling. */
export const permanentRefusals: readonly Case[] = [
  refused('access_denied', 'access_denied'),
  refused('unauthorized_client', 'unauthorized_client'),
  refused('invalid_scope', 'invalid_scope'),
  refused('unsupported_grant_type', 'unsupported_grant_type', 400),
  {
    ...refused('invalid_request', 'invalid_request', 400),
    title: '400 with invalid_request and a description is no throttling',
    reply: json({ error: 'invalid_request', error_description: 'code missing' }, 400),
  },
  {
    ...refused('INVALID_INPUT', 'invalid_request'),
    title: '200 with error_code INVALID_INPUT',
    reply: json({ status: 'failure', error_code: 'INVALID_INPUT' }),
  },
  {
    ...refused('SOMETHING', 'server_error'),
    title: 'an unknown error_code is no throttling',
    reply: json({ status: 'failure', error_code: 'SOMETHING' }),
  },
  {
    ...refused('a word', 'server_error'),
    title: 'a word with other characters is cleaned',
    reply: json({ error: '\u0000<"a\\ wor\nd\u202e>'.replaceAll(/[<>]/g, '') }),
  },
  {
    ...refused('x'.repeat(64), 'server_error'),
    title: 'a long word is cut to 64 characters',
    reply: json({ error: 'x'.repeat(5_000) }),
  },
  {
    ...refused('general_error', 'server_error'),
    title: 'an error with a token that is not well-formed',
    reply: json({ error: 'general_error', access_token: '\ud800', refresh_token: '\u00e9' }),
  },
]
