import { gzipSync } from 'node:zlib'
import type { EndpointFailure } from '../../src/endpoints/outcome.ts'
import { accessToken, refreshToken } from './calls.ts'
import { permanentRefusals, refused, type Case } from './refusals.ts'
import { respond, json, type Reply } from './server.ts'

const success = {
  access_token: accessToken,
  api_domain: 'https://www.zohoapis.eu',
  token_type: 'Bearer',
  expires_in: 3600,
}
const hour = { expiresInMs: 3_600_000 }
const throttledEnglish =
  '{"error_description":"You have made too many requests continuously. Please try again ' +
  'after some time.","error":"Access Denied","status":"failure"}'
const throttledChinese =
  '{"error_description":"您已连续提出过多请求，请稍后再试。",' +
  '"error":"拒绝访问","status":"failure"}'
const html =
  '<!doctype html><html><title>Zoho Accounts</title><body>Something went wrong</body></html>'

const good = (title: string, reply: Reply, token: Case['token'] = hour): Case => ({
  title,
  reply,
  token,
  revoke: 'ok after 1',
})
const malformed = (
  title: string,
  reply: Reply,
  status = 200,
  revoke = 'malformed_response after 3',
): Case => ({
  // A title that begins with an id keeps this id. All other titles get T8.
  title: title.startsWith('T') ? title : `T8: ${title}`,
  reply,
  token: { reason: 'malformed_response', status },
  revoke,
})
const throttled = (
  title: string,
  reply: Reply,
  status: number,
  more: Pick<EndpointFailure, 'retryAfterMs' | 'zohoError'> = {},
): Case => ({
  title,
  reply,
  token: { reason: 'rate_limited', status, ...more },
  revoke: 'rate_limited after 1',
})
const failing = (status: number): Case => ({
  title: `${status} with HTML`,
  reply: respond(html, status, { 'content-type': 'text/html' }),
  token: { reason: 'temporarily_unavailable', status },
  revoke: 'temporarily_unavailable after 1',
})
/** Responses of Zoho, and of proxies in between. */
export const cases: readonly Case[] = [
  good('a token', json(success), { ...hour, apiDomain: 'https://www.zohoapis.eu' }),
  good('a token and a refresh token', json({ ...success, refresh_token: refreshToken }), {
    ...hour,
    refreshToken: true,
  }),
  good(
    'an api_domain with a trailing slash',
    json({ ...success, api_domain: 'https://www.zohoapis.com/' }),
    { ...hour, apiDomain: 'https://www.zohoapis.com' },
  ),
  good('a response without api_domain', json({ ...success, api_domain: undefined })),
  good(
    'scopes between spaces',
    json({ ...success, scope: 'ZohoRecruit.org.READ ZohoRecruit.modules.ALL' }),
    { ...hour, scopes: ['ZohoRecruit.modules.ALL', 'ZohoRecruit.org.READ'] },
  ),
  good(
    'scopes between commas',
    json({ ...success, scope: 'ZohoRecruit.org.READ,ZohoRecruit.modules.ALL' }),
    { ...hour, scopes: ['ZohoRecruit.modules.ALL', 'ZohoRecruit.org.READ'] },
  ),
  good(
    'T10: seconds and milliseconds, as Zoho sent them until 2019',
    json({ ...success, expires_in_sec: 3600, expires_in: 3_600_000 }),
  ),
  good(
    'T10: seconds, and milliseconds that could also be seconds',
    json({ ...success, expires_in_sec: 80, expires_in: 80_000 }),
    { expiresInMs: 80_000 },
  ),
  good('T10: only milliseconds', json({ ...success, expires_in: 1_800_000 }), {
    expiresInMs: 1_800_000,
  }),
  good('T10: seconds in a string', json({ ...success, expires_in: '1800' }), {
    expiresInMs: 1_800_000,
  }),
  good('T10: a lifetime of one second', json({ ...success, expires_in: 1 }), {
    expiresInMs: 60_000,
  }),
  good('T10: a lifetime of a day', json({ ...success, expires_in: 86_400 })),
  good('T10: no lifetime', json({ ...success, expires_in: undefined })),
  ...[0, '', 3600.5, '3599.9', -3600, {}, null, 'soon', true].map((expires_in) =>
    good(`the lifetime ${JSON.stringify(expires_in)}`, json({ ...success, expires_in })),
  ),
  good('an infinite lifetime', respond(JSON.stringify(success).replace('3600', '1e999'))),
  good('an empty error', json({ ...success, error: '', error_code: '', token_type: '' })),
  good('an empty refresh token', json({ ...success, refresh_token: '' })),
  good('an invalid id_token', json({ ...success, id_token: 'x.y.z' })),
  good('T8: a byte order mark', respond(`\uFEFF${JSON.stringify(success)}`)),
  good(
    'T8: HTML as content type, JSON as body',
    respond(JSON.stringify(success), 200, { 'content-type': 'text/html' }),
  ),
  good(
    'T9: an error in __proto__',
    respond(`{"__proto__":{"error":"invalid_code"},${JSON.stringify(success).slice(1)}`),
  ),

  refused('invalid_client', 'invalid_client'),
  refused('invalid_client_secret', 'invalid_client_secret'),
  refused('invalid_code', 'invalid_grant'),
  refused('invalid_code', 'invalid_grant', 400),
  refused('invalid_grant', 'invalid_grant', 401),
  refused('invalid_token', 'invalid_grant'),
  refused('invalid_redirect_uri', 'invalid_redirect_uri'),
  refused('general_error', 'server_error'),
  refused('toString', 'server_error'),
  ...permanentRefusals,
  {
    ...refused('invalid_code', 'invalid_grant', 400),
    title: 'T7: 400 with invalid_code and a description',
    reply: json({ error: 'invalid_code', error_description: 'expired' }, 400),
  },
  {
    ...refused('', 'server_error'),
    title: 'T7: status failure without an error',
    reply: json({ ...success, status: 'failure' }),
  },
  {
    ...refused('', 'server_error'),
    title: 'T7: an error that is a number',
    reply: json({ error: 5 }),
  },

  throttled('T14: throttling', respond(throttledEnglish, 400), 400, {
    zohoError: 'Access Denied',
  }),
  throttled('T14: throttling with 200', respond(throttledEnglish, 200), 200, {
    zohoError: 'Access Denied',
  }),
  throttled('T14: throttling in Chinese', respond(throttledChinese, 400), 400),
  throttled('T14: throttling in Chinese with 200', respond(throttledChinese, 200), 200),
  throttled(
    'T14: throttling without its status',
    json({ error: '拒绝访问', error_description: '…' }, 400),
    400,
  ),
  throttled('T14: only Access Denied', json({ error: 'Access Denied' }), 200, {
    zohoError: 'Access Denied',
  }),
  throttled('T14: 429', respond('', 429), 429),
  throttled('T15: 429 with Retry-After', respond('', 429, { 'retry-after': '30' }), 429, {
    retryAfterMs: 30_000,
  }),
  throttled('T15: 429 with a Retry-After of 0', respond('', 429, { 'retry-after': '0' }), 429, {
    retryAfterMs: 1_000,
  }),
  throttled(
    'T15: 429 with a huge Retry-After',
    respond('', 429, { 'retry-after': '99999999' }),
    429,
    { retryAfterMs: 600_000 },
  ),
  throttled(
    'T15: 429 with a Retry-After of 40 digits',
    respond('', 429, { 'retry-after': '9'.repeat(40) }),
    429,
  ),
  throttled('T15: 429 with a negative Retry-After', respond('', 429, { 'retry-after': '-5' }), 429),
  throttled(
    'T15: 429 with a date in the past',
    respond('', 429, { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }),
    429,
    { retryAfterMs: 1_000 },
  ),
  throttled(
    '429 with a date forty seconds after the Date of the response',
    respond('', 429, {
      date: 'Tue, 01 Jan 2030 10:00:00 GMT',
      'retry-after': 'Tue, 01 Jan 2030 10:00:40 GMT',
    }),
    429,
    { retryAfterMs: 40_000 },
  ),
  throttled(
    '429 with a date and an invalid Date',
    respond('', 429, { date: 'today', 'retry-after': 'Tue, 01 Jan 2030 10:00:40 GMT' }),
    429,
  ),
  ...[500, 502, 503, 504].map(failing),
  {
    ...failing(503),
    title: '503 with Retry-After',
    reply: respond(html, 503, { 'retry-after': '7' }),
    token: { reason: 'temporarily_unavailable', status: 503, retryAfterMs: 7_000 },
  },

  malformed('HTML', respond(html)),
  malformed('HTML with 400', respond(html, 400), 400),
  { ...malformed('an empty body', respond('')), revoke: 'ok after 1' },
  malformed('a truncated object', respond(JSON.stringify(success).slice(0, -20))),
  malformed('UTF-16', respond(Buffer.from(JSON.stringify(success), 'utf16le'))),
  malformed(
    'bytes that are no UTF-8',
    respond(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])),
  ),
  malformed('an array', json([success])),
  malformed('null', respond('null')),
  malformed('a number', respond('42')),
  malformed('a string', json('invalid_code')),
  malformed('T4: more than 64 KiB', respond(' '.repeat(65_536) + JSON.stringify(success))),
  malformed(
    'T4: 64 MiB in a gzip of 64 KiB',
    respond(gzipSync(Buffer.alloc(64 << 20, 0x20)), 200, { 'content-encoding': 'gzip' }),
  ),
  malformed('an object without a token', json({}), 200, 'ok after 1'),
  malformed('T7: a token with 201', json(success, 201), 201, 'malformed_response after 3'),
  ...Object.entries({
    'T11: a token with a line break': { access_token: `1000.${'a'.repeat(32)}\r\nx: y` },
    'T11: a token with a letter outside ASCII': { access_token: `1000.${'é'.repeat(32)}` },
    'T11, T17: a token that is too short': { access_token: '1000.a' },
    'T11: a token that is too long': { access_token: 'a'.repeat(4_097) },
    'T17: a token that is a number': { access_token: 1000 },
    'T9: a token in __proto__': { access_token: undefined, ['__proto__']: success },
    'T17: a refresh token that is an object': { refresh_token: {} },
    'T11: a refresh token with a space': { refresh_token: `${refreshToken} ` },
    'T17: another token type': { token_type: 'mac' },
    'T17: a token type that is an array': { token_type: ['Bearer'] },
  }).map(([title, odd]) => malformed(title, json({ ...success, ...odd }), 200, 'ok after 1')),
  malformed(
    'T8: a byte order mark in the middle',
    respond(JSON.stringify(success).replace('{', '{\uFEFF')),
    200,
  ),
]
