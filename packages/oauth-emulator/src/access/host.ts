const addressByte = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])'
const address = `127(?:\\.${addressByte}){3}`
const name = '(?:[a-z0-9_-]{1,63}\\.)*localhost'
const loopback = new RegExp(`^(?:${address}|${name}|\\[::1\\])(?::([0-9]{1,5}))?$`, 'i')

/**
 * Whether a host, with or without a port, can only be this machine: 127.0.0.0/8, `localhost`, names
 * that end in `.localhost` (RFC 6761 section 6.3), and `[::1]`. Only the spellings that browsers
 * send are accepted: no `127.1`, no hexadecimal or octal numbers, no trailing dot. Any other name
 * could belong to a website whose DNS resolves it to 127.0.0.1 (DNS rebinding).
 */
function isLoopbackHost(host: string): boolean {
  const match = loopback.exec(host)
  return match !== null && Number(match[1] ?? 0) <= 65_535
}

/** The parts of an HTTP request that name the target server. */
export interface RequestHead {
  /** The raw request target. */
  readonly url?: string | undefined
  /**
   * Names at even indexes and values at odd ones, as in Node's `IncomingMessage`. No header is
   * merged or dropped.
   */
  readonly rawHeaders: readonly string[]
}

/** The status and the reason of a refusal. */
export interface Refusal {
  readonly status: 400 | 403 | 421
  readonly text: string
}

/** Refuses a request for another host, or without a valid Host header. */
export function refuseHost({ url = '', rawHeaders }: RequestHead): Refusal | undefined {
  const hosts = rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'host',
  )
  const [host = ''] = hosts
  if (hosts.length !== 1 || host === '') {
    const cause = hosts.length > 1 ? `${hosts.length} Host headers` : 'no Host header'
    return { status: 400, text: `The request has ${cause}: send exactly one. ${allowed}` }
  }
  if (!isLoopbackHost(host)) return refuseOtherHost(host)
  // The authority of an absolute target replaces the Host header (RFC 9112 section 3.2.2).
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1]
  if (authority === undefined || authority.toLowerCase() === host.toLowerCase()) return undefined
  return refuseOtherHost(authority)
}

function refuseOtherHost(host: string): Refusal {
  const quoted = JSON.stringify(host.slice(0, 100))
  return { status: 421, text: `The emulator does not serve the host ${quoted}. ${allowed}` }
}

const allowed =
  'It serves only this machine: use 127.0.0.1, localhost, a name that ends in .localhost, or ' +
  '[::1], with any port. Other names are refused because a website could point its own name at ' +
  'this machine.'
