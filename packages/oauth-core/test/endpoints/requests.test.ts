import { describe, expect, it } from 'vitest'
import { Secret } from '../../src/domain/secret.ts'
import { requestTokens } from '../../src/endpoints/token.ts'
import { accessToken, callEndpoint, callTo, inWords, redirectUri, refreshToken } from './calls.ts'
import { respond, drop, json, notFound, serving, silence, type Received } from './server.ts'

// `inWords` gives the outcome and the number of requests that were sent: `ok after 2`.

const tokens = json({ access_token: accessToken, expires_in: 3600 })
const success = json({ status: 'success' })
const unknownToken = respond('The token passed in the request is invalid.', 400)
const refused = (error: string) => json({ error })
const secrets = [new Secret('current'), new Secret('former')]

const fieldsOf = ({ form }: Received) => Object.fromEntries(form)
const pathsOf = (received: readonly Received[]) => received.map(({ url }) => url)

/** Checks that a request has its parameters in the body, and none in the URL. */
const expectPost = ({ method, url, headers, body, form }: Received): void => {
  expect(method).toBe('POST')
  expect(url).not.toMatch(/[?#]/)
  expect(headers['content-type']).toMatch(/^application\/x-www-form-urlencoded(;charset=UTF-8)?$/i)
  expect(headers['accept-encoding']).toBe('identity')
  expect(headers.cookie ?? headers.referer ?? headers.origin).toBe(undefined)
  expect([...form.keys()].length).toBe(new Set(form.keys()).size)
  expect(body).not.toContain('undefined')
}

describe('a request to the token endpoint', () => {
  it('T2: refreshes with all parameters in the body', async () => {
    const server = await serving(tokens)
    await callEndpoint.refresh(callTo(server.origin))
    const [request] = server.received as [Received]
    expectPost(request)
    expect(request.headers.authorization).toBe(undefined)
    expect([request.url, fieldsOf(request)]).toEqual([
      '/oauth/v2/token',
      {
        grant_type: 'refresh_token',
        refresh_token: refreshToken,
        client_id: '1000.CLIENT',
        client_secret: 'current/secret+1',
      },
    ])
  })

  it('T2: exchanges a code with all parameters in the body', async () => {
    const server = await serving(tokens)
    await callEndpoint.exchange(callTo(server.origin))
    const [request] = server.received as [Received]
    expectPost(request)
    expect(fieldsOf(request)).toEqual({
      grant_type: 'authorization_code',
      code: '1000.code.1',
      redirect_uri: redirectUri,
      code_verifier: 'v'.repeat(43),
      client_id: '1000.CLIENT',
      client_secret: 'current/secret+1',
    })
  })

  it('exchanges a Self Client code without redirect URI or verifier', async () => {
    const server = await serving(tokens)
    expect(
      inWords(
        await requestTokens(callTo(server.origin), {
          type: 'self_client_code',
          code: new Secret('1000.self'),
        }),
      ),
    ).toBe('ok after 1')
    expectPost(server.received[0] as Received)
    expect(fieldsOf(server.received[0] as Received)).toEqual({
      grant_type: 'authorization_code',
      code: '1000.self',
      client_id: '1000.CLIENT',
      client_secret: 'current/secret+1',
    })
  })

  it.each(['refresh', 'exchange'] as const)(
    'L7: is repeated once with the former secret: %s',
    async (verb) => {
      const server = await serving(refused('invalid_client_secret'), tokens)
      expect(inWords(await callEndpoint[verb](callTo(server.origin, { secrets })))).toBe(
        'ok after 2',
      )
      expect(server.received.map(({ form }) => form.get('client_secret'))).toEqual([
        'current',
        'former',
      ])
    },
  )

  it('is not sent a third time if both secrets are refused', async () => {
    const server = await serving(refused('invalid_client_secret'))
    expect(inWords(await callEndpoint.refresh(callTo(server.origin, { secrets })))).toBe(
      'invalid_client_secret after 2',
    )
    expect(server.received.length).toBe(2)
  })

  it.each(['invalid_client', 'invalid_code', 'general_error'])(
    'is not repeated with the former secret after %s',
    async (error) => {
      const server = await serving(refused(error))
      await callEndpoint.refresh(callTo(server.origin, { secrets }))
      expect(server.received.map(({ form }) => form.get('client_secret'))).toEqual(['current'])
    },
  )

  it('is not sent without a secret', async () => {
    const server = await serving(tokens)
    expect(await callEndpoint.refresh(callTo(server.origin, { secrets: [] }))).toEqual({
      ok: false,
      failure: { reason: 'data_center_not_configured', requestMayHaveBeenSent: false },
      calls: 0,
    })
    expect(server.received).toEqual([])
  })
})

describe('revocation', () => {
  const newer = '/oauth/v2/revoke/token'
  const older = '/oauth/v2/token/revoke'
  // If no revocation endpoint knows the token, a refresh checks whether the token still works.
  const tokenEndpoint = '/oauth/v2/token'

  it('T2: calls the newer endpoint with Basic credentials and the token in the body', async () => {
    const server = await serving(success)
    expect(inWords(await callEndpoint.revoke(callTo(server.origin)))).toBe('ok after 1')
    const [request] = server.received as [Received]
    expectPost(request)
    expect(request.url).toBe(newer)
    expect(request.headers.authorization).toBe(
      `Basic ${Buffer.from('1000.CLIENT:current/secret+1').toString('base64')}`,
    )
    expect(fieldsOf(request)).toEqual({ token: refreshToken, token_type: 'refresh_token' })
  })

  it('T2: calls the older endpoint with only the token, in the body', async () => {
    const server = await serving(notFound, success)
    expect(inWords(await callEndpoint.revoke(callTo(server.origin)))).toBe('ok after 2')
    const [, request] = server.received as [Received, Received]
    expectPost(request)
    expect(request.headers.authorization).toBe(undefined)
    expect([request.url, fieldsOf(request)]).toEqual([older, { token: refreshToken }])
  })

  it.each([
    ['success', [success], [newer], 'ok after 1'],
    ['200 without a body', [respond('')], [newer], 'ok after 1'],
    ['404, success', [notFound, success], [newer, older], 'ok after 2'],
    ['405, success', [respond('', 405), success], [newer, older], 'ok after 2'],
    [
      'a wrong secret, success',
      [refused('invalid_client_secret'), success],
      [newer, older],
      'ok after 2',
    ],
    [
      'an unknown error, success',
      [refused('general_error'), success],
      [newer, older],
      'ok after 2',
    ],
    ['HTML, success', [respond('<html>'), success], [newer, older], 'ok after 2'],
    [
      'unknown token twice, refused',
      [unknownToken, unknownToken, refused('invalid_code')],
      [newer, older, tokenEndpoint],
      'ok after 3',
    ],
    [
      'unknown token twice, still valid',
      [unknownToken, unknownToken, tokens],
      [newer, older, tokenEndpoint],
      'token_still_valid after 3',
    ],
    [
      'unknown token twice, unknown client',
      [unknownToken, unknownToken, refused('invalid_client')],
      [newer, older, tokenEndpoint],
      'invalid_client after 3',
    ],
    [
      '404, 404, still valid',
      [notFound, notFound, tokens],
      [newer, older, tokenEndpoint],
      'token_still_valid after 3',
    ],
    [
      '404, 404, refused',
      [notFound, notFound, refused('invalid_code')],
      [newer, older, tokenEndpoint],
      'ok after 3',
    ],
    ['503', [respond('', 503)], [newer], 'temporarily_unavailable after 1'],
    ['404, 503', [notFound, respond('', 503)], [newer, older], 'temporarily_unavailable after 2'],
    [
      'unknown token twice, 503',
      [unknownToken, unknownToken, respond('', 503)],
      [newer, older, tokenEndpoint],
      'temporarily_unavailable after 3',
    ],
    ['429', [respond('', 429)], [newer], 'rate_limited after 1'],
    ['a dropped connection', [drop], [newer], 'unreachable after 1'],
    ['silence', [silence], [newer], 'timed_out after 1'],
  ] as const)('has the right outcome after %s', async (_, replies, paths, words) => {
    const server = await serving(...replies)
    expect(inWords(await callEndpoint.revoke(callTo(server.origin, { deadlineMs: 300 })))).toBe(
      words,
    )
    expect(pathsOf(server.received)).toEqual(paths)
    server.received.forEach(expectPost)
  })

  it('needs no secret for the older endpoint', async () => {
    const server = await serving(success)
    expect(inWords(await callEndpoint.revoke(callTo(server.origin, { secrets: [] })))).toBe(
      'ok after 1',
    )
    expect(pathsOf(server.received)).toEqual([older])
  })
})

it('T2: puts no secret into a URL, or into a header other than `authorization`', async () => {
  const server = await serving(json({ error: 'invalid_code' }))
  for (const verb of ['refresh', 'exchange', 'revoke'] as const)
    await callEndpoint[verb](callTo(server.origin))
  const visible = JSON.stringify(
    server.received.map(({ url, headers: { authorization: _credentials, ...headers } }) => [
      url,
      headers,
    ]),
  )
  for (const secret of ['current/secret', refreshToken, '1000.code.1', 'v'.repeat(43)])
    expect(visible).not.toContain(secret)
})
