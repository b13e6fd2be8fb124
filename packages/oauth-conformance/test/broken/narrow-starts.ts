import {
  changeBody,
  changeHeaders,
  changeOptions,
  changeResponse,
  changeStatus,
  hasNoSession,
  path,
  type Breakage,
} from './seams.ts'

const location = ({ headers }: Response) => headers.get('location') ?? ''

/** For each case about starts and failures one defect that only that case detects. */
export const starting: Readonly<Record<string, Breakage>> = {
  'connect-hidden-request': changeResponse(
    (seen) => path(seen) === '/zoho/connect' && seen.header('sec-fetch-dest') === 'iframe',
    changeStatus(303),
  ),
  'connect-other-loopback-host': changeResponse(
    (_, __, text) => text.includes('host-mismatch'),
    changeStatus(303),
  ),
  'sign-in': changeResponse(
    (_, response) => location(response).startsWith('/login?returnTo=%2Fcandidates'),
    changeHeaders({ location: '/login' }),
  ),
  'failure-starts-again': changeResponse(
    (_, __, text) => text.includes('returnTo=%2Fjobs&#38;dataCenter=eu'),
    changeBody((text) => text.replace('&#38;dataCenter=eu', '')),
  ),
  'failure-return-to': changeOptions(({ failureReturnTo }) => failureReturnTo !== undefined, {
    failureReturnTo: undefined,
  }),
  'trusted-origin': changeResponse(
    (seen) => seen.method === 'OPTIONS' && seen.header('origin') === 'https://spa.example.com',
    changeStatus(405),
  ),
  'untrusted-origin': changeResponse(
    (seen) => seen.header('origin')?.endsWith('.net.evil.example') === true,
    changeHeaders({ 'access-control-allow-origin': 'https://product.example.net.evil.example' }),
  ),
  'ticket-connects': changeResponse(
    (seen, { status }) => seen.url.includes('ticket=') && hasNoSession(seen) && status === 200,
    changeBody((text) => text.replaceAll('alice of acme', 'you')),
  ),
  'ticket-of-another-person': changeResponse(
    (seen) => seen.url.includes('ticket=') && seen.cookie.includes('mallory'),
    changeStatus(200),
  ),
  'cookie-name': changeOptions(({ cookieName }) => cookieName !== undefined, {
    cookieName: undefined,
  }),
  'redirect-uri-slash': changeResponse(
    (seen) => path(seen) === '/zoho/callback/',
    changeStatus(404),
  ),
  'redirect-uri-one-segment': changeResponse(
    (seen) => path(seen) === '/connect',
    changeHeaders({ location: undefined }),
  ),
}
