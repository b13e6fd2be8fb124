import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { respond, json, serving, type Reply } from '../endpoints/server.ts'
import { startConnected } from './connected.ts'
import { apiOk, errorCodeOf, connect, startSetup, minute, second, tally, times } from './setup.ts'

const unauthorizedReply = (code: string): Reply =>
  json({ code, message: 'invalid oauth token', status: 'error' }, 401)

/** An API that refuses every token for which `isGood` is false. */
const acceptOnly =
  (isGood: (token: string) => boolean, code = 'INVALID_TOKEN'): Reply =>
  (response, request) =>
    (isGood(request.headers.authorization ?? '') ? apiOk : unauthorizedReply(code))(
      response,
      request,
    )

describe('fetch()', () => {
  it('T18: calls the host of the data center with the header that Zoho expects', async () => {
    const { acme, apiCalls } = await startConnected()
    const token = await acme.accessToken()
    await acme.fetch('Candidates?per_page=50', { headers: { 'x-mine': '1' } })
    await acme.fetch('/org', { method: 'POST', body: 'x' })
    expect(
      apiCalls().map(({ method, url, headers, body }) => [
        method,
        url,
        headers.authorization,
        headers['x-mine'],
        body,
      ]),
    ).toEqual([
      ['GET', '/recruit/v2/Candidates?per_page=50', `Zoho-oauthtoken ${token}`, '1', ''],
      ['POST', '/recruit/v2/org', `Zoho-oauthtoken ${token}`, undefined, 'x'],
    ])
  })

  it.each([
    { authorization: 'Bearer mine' },
    { Authorization: 'a', authorization: 'b' },
    new Headers({ AUTHORIZATION: 'x' }),
    [['Authorization', 'x']] as [string, string][],
  ])('T18: sends only its own Authorization header: %#', async (headers) => {
    const { acme, apiCalls } = await startConnected()
    await acme.fetch('org', { headers })
    expect(apiCalls()[0]?.headers.authorization).toBe(`Zoho-oauthtoken ${await acme.accessToken()}`)
  })

  it.each([
    '../',
    '..',
    '../../oauth/v2/token',
    'Candidates/../../x',
    '%2e%2e/x',
    '.%2E/x',
    '/..',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https://evil.example/',
    'HTTP://evil.example',
    'data:,x',
    'javascript:1',
    ' org',
    'org ',
    'o\nrg',
    'o\trg',
    'o\0rg',
    'org\r\nx: y',
    7 as unknown as string,
    null as unknown as string,
  ])('T18: does not leave the API by %j', async (path) => {
    const { acme, server } = await startConnected()
    expect(await errorCodeOf(acme.fetch(path))).toBe('argument-invalid')
    expect(server.received).toEqual([])
  })

  it.each(['@evil.example/', '.evil.example', ':8080', '?x=../..', '#../..', '%2f..%2f', 'é'])(
    'T18: stays inside the API with %j',
    async (path) => {
      const { acme, apiCalls } = await startConnected()
      if ((await errorCodeOf(acme.fetch(path))) === 'ok')
        expect(apiCalls()[0]?.url).toMatch(/^\/recruit\/v2\//)
      expect(apiCalls().length).toBeLessThan(2)
    },
  )

  it.each([301, 302, 303, 307, 308])('T18: does not follow a %i', async (status) => {
    const { acme, script } = await startConnected()
    const sink = await serving(apiOk)
    script.api = respond('', status, { location: sink.origin })
    expect(await errorCodeOf(acme.fetch('org', { redirect: 'follow' } as object))).toBe(
      'redirect-refused',
    )
    expect(sink.received).toEqual([])
  })

  it.each([204, 300, 304, 305, 400, 403, 404, 429, 500])(
    'returns a %i unchanged',
    async (status) => {
      const { acme, script, apiCalls } = await startConnected()
      const body = status === 204 || status === 304 ? '' : '{"code":"INVALID_DATA"}'
      script.api = respond(body, status)
      const response = await acme.fetch('org')
      expect([response.status, await response.text(), apiCalls().length]).toEqual([status, body, 1])
    },
  )
})

describe('a 401', () => {
  it.each(['INVALID_TOKEN', 'AUTHENTICATION_FAILURE'])(
    'with %s is followed by one new token and one repeated call',
    async (code) => {
      const { acme, script, apiCalls, tokenCalls } = await startConnected()
      const old = await acme.accessToken()
      script.api = acceptOnly((token) => !token.endsWith(old), code)
      const response = await acme.fetch('Candidates', {
        method: 'POST',
        body: 'the body',
        headers: { 'x-mine': '1' },
      })
      expect([response.status, apiCalls().length, tokenCalls().length]).toEqual([200, 2, 1])
      expect(
        apiCalls().map(({ method, body, headers }) => [method, body, headers['x-mine']]),
      ).toEqual([
        ['POST', 'the body', '1'],
        ['POST', 'the body', '1'],
      ])
    },
  )

  it.each(['OAUTH_SCOPE_MISMATCH', 'NO_PERMISSION', '', 'invalid_token'])(
    'with %j costs no refresh, and its body can be read',
    async (code) => {
      const { acme, script, apiCalls, tokenCalls } = await startConnected()
      script.api = unauthorizedReply(code)
      const response = await acme.fetch('org')
      expect([
        response.status,
        ((await response.json()) as { code: string }).code,
        apiCalls().length,
        tokenCalls().length,
      ]).toEqual([401, code, 1, 0])
    },
  )

  it.each(['<html>', '', 'null', '[]', '{"code":{}}'])(
    'with the body %j costs no refresh',
    async (body) => {
      const { acme, script, tokenCalls } = await startConnected()
      script.api = respond(body, 401)
      expect([(await acme.fetch('org')).status, tokenCalls().length]).toEqual([401, 0])
    },
  )

  it.each([
    ['a web stream', () => new Response('the body').body],
    ['a Node stream', () => Readable.from(['the body'])],
    [
      'a generator',
      async function* () {
        yield Buffer.from('the body')
      },
    ],
  ])('does not make the library send %s again', async (_, body) => {
    const { acme, script, apiCalls } = await startConnected()
    const old = await acme.accessToken()
    script.api = acceptOnly((token) => !token.endsWith(old))
    const response = await acme.fetch('org', {
      method: 'POST',
      body: body() as unknown as ReadableStream,
      duplex: 'half',
    } as object)
    expect([response.status, apiCalls().map((call) => call.body)]).toEqual([401, ['the body']])
    // The next call uses the new token.
    expect((await acme.fetch('org', { method: 'POST', body: 'x' })).status).toBe(200)
  })

  it('T16: for 500 calls at once costs one refresh', async () => {
    const { acme, script, tokenCalls } = await startConnected()
    const old = await acme.accessToken()
    script.api = acceptOnly((token) => !token.endsWith(old))
    const statuses = await Promise.all(
      times(500, async () => String((await acme.fetch('org')).status)),
    )
    expect([tally(statuses), tokenCalls().length]).toEqual([{ 200: 500 }, 1])
  })

  it('T16: for a token that was already replaced costs no refresh', async () => {
    const { acme, client, script, time, tokenCalls } = await startConnected()
    const old = await acme.accessToken()
    const late = client().connection('acme')
    await late.accessToken()
    await acme.refresh()
    time.advance(5 * second)
    script.api = acceptOnly((token) => !token.endsWith(old))
    expect([(await late.fetch('org')).status, tokenCalls().length]).toEqual([200, 1])
  })
})

it('replaces a token that Zoho ended early, every ten minutes for the same endpoint', async () => {
  const { acme, script, time, tokenCalls } = await startConnected()
  for (let ended = 1; ended <= 3; ended++) {
    time.advance(10 * minute)
    script.api = (response, request) => {
      script.api = apiOk
      return unauthorizedReply('INVALID_TOKEN')(response, request)
    }
    expect([(await acme.fetch('org')).status, tokenCalls().length]).toEqual([200, ended])
  }
})

it('returns a decoded response without encoding headers, cookies and HSTS', async () => {
  const setup = await startSetup()
  await connect(setup)
  const body = gzipSync('{"data":[1]}')
  setup.script.api = (response) => {
    response.writeHead(200, {
      'content-encoding': 'gzip',
      'content-length': body.length,
      'set-cookie': 'zoho=1',
      'strict-transport-security': 'max-age=1; includeSubDomains',
      'x-kept': 'yes',
    })
    response.end(body)
  }
  const candidates = await setup.client().connection('acme').fetch('Candidates')
  expect([...candidates.headers.keys()].filter((name) => name !== 'date')).toEqual(['x-kept'])
  candidates.headers.set('x-frame-options', 'DENY')
  expect(await candidates.json()).toEqual({ data: [1] })
})
