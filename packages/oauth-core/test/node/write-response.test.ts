import { request, type IncomingMessage, type ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { writeResponse } from '../../src/node/index.ts'
import { listen } from './listen.ts'

describe('writeResponse', () => {
  const writeAndRead = async (
    response: Response,
    before: (target: ServerResponse) => void = () => {},
    method = 'GET',
  ) => {
    const port = await listen((_, target) => {
      before(target)
      void writeResponse(response, target)
    })
    return new Promise<{
      status: number | undefined
      cookies: string[] | undefined
      headers: IncomingMessage['headers']
      body: string
    }>((resolve, reject) => {
      request({ port, host: '127.0.0.1', method, agent: false }, async (message) => {
        let body = ''
        for await (const chunk of message) body += chunk
        resolve({
          status: message.statusCode,
          cookies: message.headers['set-cookie'],
          headers: message.headers,
          body,
        })
      })
        .on('error', reject)
        .end()
    })
  }
  it.each([
    ['a value', 'accept-encoding', 'accept-encoding, origin'],
    ['a list', ['accept-encoding', 'cookie'], 'accept-encoding, cookie, origin'],
  ])('keeps %s of Vary that the app has set', async (_, before, vary) => {
    const { headers } = await writeAndRead(
      new Response(null, { headers: { vary: 'origin' } }),
      (target) => target.setHeader('vary', before),
    )
    expect(headers.vary).toBe(vary)
  })

  const headersWithCookies = new Headers([
    ['set-cookie', 'a=1; Path=/'],
    ['set-cookie', 'b=2; Expires=Thu, 01 Jan 1970 00:00:00 GMT'],
    ['x-a', '1'],
  ])

  it('writes a header for each cookie', async () => {
    const {
      status,
      cookies: set,
      body,
      headers,
    } = await writeAndRead(new Response('hello', { status: 201, headers: headersWithCookies }))
    expect([status, set, body, headers['x-a']]).toEqual([
      201,
      ['a=1; Path=/', 'b=2; Expires=Thu, 01 Jan 1970 00:00:00 GMT'],
      'hello',
      '1',
    ])
  })

  it.each<[string, string | string[]]>([
    ['an existing cookie', 'session=s'],
    ['two existing cookies', ['session=s', 'other=o']],
  ])('keeps %s', async (_, before) => {
    const { cookies: set } = await writeAndRead(
      new Response(null, { status: 303, headers: headersWithCookies }),
      (target) => target.setHeader('set-cookie', before),
    )
    expect(set).toEqual([
      ...(Array.isArray(before) ? ['session=s', 'other=o'] : ['session=s']),
      'a=1; Path=/',
      'b=2; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
    ])
  })

  it("does not change the app's list of cookies", async () => {
    const shared = ['session=s']
    await writeAndRead(new Response(null, { headers: headersWithCookies }), (target) =>
      target.setHeader('set-cookie', shared),
    )
    expect(shared).toEqual(['session=s'])
  })

  it.each([204, 304])('writes a %i without a body', async (status) => {
    expect(await writeAndRead(new Response(null, { status }))).toMatchObject({ status, body: '' })
  })

  it('writes no body for HEAD', async () => {
    expect(await writeAndRead(new Response('hello'), undefined, 'HEAD')).toMatchObject({
      status: 200,
      body: '',
    })
  })

  it('does not change bytes', async () => {
    expect((await writeAndRead(new Response('é—\u{1F600}'))).body).toBe('é—\u{1F600}')
  })
})
