import type { DataCenter } from '../domain/data-centers.ts'
import type { Secret } from '../domain/secret.ts'
import type { MonotonicClock } from '../config/host.ts'
import { EndpointError, type Outcome } from './outcome.ts'
import type { ParseResult } from './parse.ts'
import { send, type Answer, type Fetch } from './http.ts'

/** Everything one call needs. `secrets`: this data center's, the current one first, at most two. */
export interface EndpointCall {
  readonly fetch: Fetch
  readonly monotonic: MonotonicClock
  readonly clientId: string
  readonly secrets: readonly Secret[]
  readonly dataCenter: DataCenter
  /**
   * For the whole call: connecting, sending, reading the answer to its end; at the token endpoint
   * for both secrets.
   */
  readonly deadlineMs: number
}

/**
 * One POST to an accounts server. Everything goes into the body, urlencoded (RFC 6749, 4.1.3; OAuth
 * 2.1, 2.4.1): Zoho's pages show secrets and tokens in the query, where servers and proxies log
 * them.
 */
export const post = async <T>(
  { fetch, dataCenter, deadlineMs }: EndpointCall,
  path: string,
  parameters: Readonly<Record<string, string>>,
  read: (answer: Answer) => ParseResult<T>,
  authorization?: string,
): Promise<Outcome<T>> => {
  const headers = {
    accept: 'application/json',
    'accept-encoding': 'identity',
    ...(authorization !== undefined && { authorization }),
  }
  try {
    // A blob is sent once, with the content type that it brings. What can be copied is sent again
    // by Deno where a connection that was kept open breaks, and a code with it.
    const body = await new Response(new URLSearchParams(parameters)).blob()
    const reading = read(
      await send(
        fetch,
        dataCenter.accountsServer + path,
        { method: 'POST', headers, body },
        deadlineMs,
      ),
    )
    return { ok: 'value' in reading, ...reading, calls: 1 } as Outcome<T>
  } catch (error) {
    const failure =
      error instanceof EndpointError
        ? error.failure
        : ({ code: 'answer-malformed', mayHaveBeenSent: true } as const)
    return { ok: false, failure, calls: 1 }
  }
}
