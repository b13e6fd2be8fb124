import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { json, respond, serving, type Reply } from '../endpoints/server.ts'
import { startConnected } from './connected.ts'
import { errorCodeOf, minute } from './setup.ts'

const records = { data: [{ id: '1', Last_Name: 'Lee' }] }

/** Refuses the first access token in this form, and accepts any other. */
const refuseFirst = (refusal: Reply): Reply => {
  let first: string | undefined
  return (response, request) => {
    first ??= request.headers.authorization
    const reply = request.headers.authorization === first ? refusal : json(records)
    return reply(response, request)
  }
}

const xml = (body: string, status: number) => respond(body, status, { 'content-type': 'text/xml' })
const refusalXml =
  '<?xml version="1.0" encoding="UTF-8" ?>\n<response uri="/recruit/private/xml/Candidates">' +
  '<error><code>4834</code><message>Invalid Ticket Id</message></error></response>'
const refusal = { code: 'INVALID_TOKEN', details: {}, message: 'invalid token', status: 'error' }

describe('an expired token', () => {
  it.each<[string, Reply]>([
    ['401 INVALID_OAUTHTOKEN', json({ code: 'INVALID_OAUTHTOKEN' }, 401)],
    ['401 with a list of errors', json({ data: [{ code: 'INVALID_TOKEN' }] }, 401)],
    ['401 with an error in `data`', json({ data: { errorCode: 'INVALID_OAUTHTOKEN' } }, 401)],
    ['401 with XML', xml(refusalXml, 401)],
    ['200 with XML', xml(refusalXml, 200)],
    ['200', json(refusal)],
    ['400', json(refusal, 400)],
    ['200 with a list of errors', json({ data: [refusal] })],
    ['400 with a list of errors', json({ data: [refusal, refusal] }, 400)],
    [
      '200 in the form of the older API',
      json({ response: { error: { code: '4834', message: 'Invalid Ticket Id' }, uri: '/x' } }),
    ],
  ])('that is reported as %s is replaced, and the call is repeated once', async (_, reply) => {
    const { acme, script, apiCalls, tokenCalls } = await startConnected()
    script.api = refuseFirst(reply)
    const response = await acme.fetch('Candidates')
    expect([response.status, await response.json()]).toEqual([200, records])
    expect([apiCalls().length, tokenCalls().length]).toEqual([2, 1])
  })

  it('that is reported to HEAD, without a body, is replaced', async () => {
    const { acme, script, apiCalls, tokenCalls } = await startConnected()
    script.api = refuseFirst(respond('', 401))
    expect((await acme.fetch('Candidates', { method: 'HEAD' })).status).toBe(200)
    expect([apiCalls().length, tokenCalls().length]).toEqual([2, 1])
  })

  it.each(['PUT', 'DELETE'])('that is reported with 400 is replaced for %s', async (method) => {
    const { acme, script, apiCalls } = await startConnected()
    script.api = refuseFirst(json(refusal, 400))
    expect((await acme.fetch('Candidates/1', { method })).status).toBe(200)
    expect(apiCalls().length).toBe(2)
  })

  it.each([200, 400])(
    'that is reported with %i to a POST is replaced, but the POST is not repeated',
    async (status) => {
      const { acme, script, apiCalls, tokenCalls } = await startConnected()
      script.api = refuseFirst(json(refusal, status))
      const response = await acme.fetch('Candidates', { method: 'POST', body: '{}' })
      expect([response.status, await response.json()]).toEqual([status, refusal])
      expect([apiCalls().length, tokenCalls().length]).toEqual([1, 1])
      expect((await acme.fetch('Candidates')).status).toBe(200)
    },
  )

  it('that is reported with 401 to a POST is replaced, and the POST is repeated', async () => {
    const { acme, script, apiCalls } = await startConnected()
    script.api = refuseFirst(json(refusal, 401))
    const response = await acme.fetch('Candidates', { method: 'POST', body: 'the body' })
    expect(response.status).toBe(200)
    expect(apiCalls().map(({ body }) => body)).toEqual(['the body', 'the body'])
  })
})

describe('the words of an expired token in the data of a customer', () => {
  const longText = 'INVALID_TOKEN '.repeat(1_000)
  const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
  it.each<[string, Reply, unknown]>([
    ['a field of a record', json({ data: [{ id: '1', code: 'INVALID_TOKEN' }] }), undefined],
    ['the only field', json({ data: [{ code: 'INVALID_TOKEN' }], info: {} }), undefined],
    ['one of several', json({ data: [{ code: 'SUCCESS' }, { code: 'INVALID_TOKEN' }] }), undefined],
    ['a nested value', json({ data: [{ id: '1', x: { code: 'INVALID_TOKEN' } }] }), undefined],
    ['a long text', json({ data: [{ id: '1', Note: longText }] }), undefined],
    ['a member beside others', json({ code: 'INVALID_TOKEN', users: [] }), undefined],
    [
      'a file',
      respond(JSON.stringify(refusal), 200, { 'content-disposition': 'attachment' }),
      undefined,
    ],
    ['a plain text', respond('INVALID_TOKEN', 200, { 'content-type': 'text/plain' }), undefined],
    ['a document', respond(JSON.stringify(refusal), 200, { 'content-type': docx }), undefined],
    ['a picture', respond(refusalXml, 200, { 'content-type': 'image/svg+xml' }), undefined],
    ['XML beside the error', xml(refusalXml.replace('</response>', '<x/></response>'), 200), 0],
    ['JSON beside the error', json({ response: { error: { code: '4834' }, result: 1 } }), 0],
    [
      'the result of a function',
      json({ ...refusal, code: 'INVALID_TOKEN', details: { output: 'x' } }),
      undefined,
    ],
    ['XML that is a record', xml(`<response><result>${refusalXml}</result></response>`, 200), 0],
    ['a value of another error', json({ code: 'INVALID_DATA', details: refusal }, 400), undefined],
    ['the details of a 401', json({ code: 'OAUTH_SCOPE_MISMATCH', details: refusal }, 401), 0],
    ['the text of a 403', json(refusal, 403), undefined],
  ])('are returned: %s', async (_, reply) => {
    const { acme, script, apiCalls, tokenCalls } = await startConnected()
    script.api = reply
    const text = await (await acme.fetch('Candidates')).text()
    expect(text).toMatch(/INVALID_TOKEN|4834/)
    expect([apiCalls().length, tokenCalls().length]).toEqual([1, 0])
  })
})

it('a list that arrives in parts is returned whole', async () => {
  const { acme, script } = await startConnected()
  const parts = Array.from(
    { length: 300 },
    (_, index) => `{"id":"${index}","x":"${'y'.repeat(99)}"}`,
  )
  const whole = `{"data":[${parts.join()}]}`
  script.api = async (response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    for (let index = 0; index < whole.length; index += 1_000) {
      response.write(whole.slice(index, index + 1_000))
      if (index % 10_000 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    }
    response.end()
  }
  expect(await (await acme.fetch('Candidates')).text()).toBe(whole)
})

describe('a response is passed on', () => {
  it('304 without a body, after a conditional request', async () => {
    const { acme, script, apiCalls } = await startConnected()
    script.api = respond('', 304, { 'last-modified': 'Mon, 30 Nov 2026 10:00:00 GMT' })
    const headers = { 'if-modified-since': '2026-11-30T10:00:00+00:00' }
    const response = await acme.fetch('Candidates', { headers })
    expect([response.status, response.body, response.headers.get('last-modified')]).toEqual([
      304,
      null,
      'Mon, 30 Nov 2026 10:00:00 GMT',
    ])
    expect(apiCalls()[0]?.headers['if-modified-since']).toBe('2026-11-30T10:00:00+00:00')
  })

  it('429 with its Retry-After', async () => {
    const { acme, script } = await startConnected()
    script.api = json({ code: 'TOO_MANY_REQUESTS' }, 429, { 'retry-after': '60' })
    const response = await acme.fetch('/recruit/bulk/v2/read/1/result')
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '60'])
  })

  it('a file with its Content-Length', async () => {
    const { acme, script } = await startConnected()
    script.api = respond('%PDF', 200, { 'content-type': 'application/pdf', 'content-length': '4' })
    const response = await acme.fetch('Candidates/1/Attachments/2')
    expect([response.headers.get('content-length'), await response.text()]).toEqual(['4', '%PDF'])
  })

  it('HEAD with the Content-Length of the file', async () => {
    const { acme, script } = await startConnected()
    script.api = respond('', 200, { 'content-type': 'application/pdf', 'content-length': '123456' })
    const response = await acme.fetch('Candidates/1/Attachments/2', { method: 'HEAD' })
    expect(response.headers.get('content-length')).toBe('123456')
  })

  it('a decoded body without the Content-Length of the encoded one', async () => {
    const { acme, script } = await startConnected()
    const body = gzipSync('{"data":[]}')
    script.api = respond(body, 200, {
      'content-encoding': 'gzip',
      'content-length': String(body.length),
    })
    const response = await acme.fetch('Candidates')
    expect([response.headers.get('content-length'), await response.text()]).toEqual([
      null,
      '{"data":[]}',
    ])
  })
})

it.each([301, 302, 303, 307, 308])(
  'a %i never carries the token to another host',
  async (status) => {
    const { acme, script } = await startConnected()
    const sink = await serving(json({}))
    script.api = respond('', status, { location: sink.origin })
    expect(await errorCodeOf(acme.fetch('Candidates', { method: 'POST', body: 'x' }))).toBe(
      'redirect-refused',
    )
    expect(sink.received).toEqual([])
  },
)

it.each([
  ['to another path of the server', '/recruit/v2/org'],
  ['without Location', undefined],
])('a redirect %s is returned, and not followed', async (_, location) => {
  const { acme, script, apiCalls } = await startConnected()
  script.api = respond('', 302, location === undefined ? {} : { location })
  const response = await acme.fetch('Candidates')
  expect([response.status, response.headers.get('location')]).toEqual([302, location ?? null])
  expect(apiCalls().length).toBe(1)
})

it('a 401 that lasts on one endpoint costs one refresh in ten minutes', async () => {
  const { acme, script, tokenCalls, time } = await startConnected()
  script.api = json({ code: 'AUTHENTICATION_FAILURE' }, 401)
  for (const path of ['/recruit/bulk/v2/read/1', '/recruit/bulk/v2/read/2/result'])
    expect((await acme.fetch(path)).status).toBe(401)
  expect(tokenCalls().length).toBe(1)
  // Another endpoint has its own limit, whatever the ids are.
  for (const id of [1, 2, 3]) await acme.fetch(`/recruit/v3/Candidates/${id}`)
  expect(tokenCalls().length).toBe(2)
  time.advance(11 * minute)
  await acme.fetch('/recruit/bulk/v2/read/3')
  expect(tokenCalls().length).toBe(3)
})
