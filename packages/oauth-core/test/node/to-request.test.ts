import { connect } from 'node:net'
import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { toRequest, type ToRequestOptions } from '../../src/node/index.ts'
import { listen } from './listen.ts'

/** Sends the text, and returns the response. */
const sendBytes = async (port: number, text: string): Promise<string> => {
  const socket = connect(port, '127.0.0.1')
  socket.end(text)
  let response = ''
  for await (const chunk of socket) response += chunk
  return response
}

describe('toRequest', () => {
  /** Sends `text` to a server, and returns the Request that `toRequest` makes there. */
  const requestFor = async (
    text: string,
    prepare: (message: IncomingMessage) => ToRequestOptions | void = () => {},
  ): Promise<Request> => {
    let made: Request | unknown
    const port = await listen((message, response) => {
      const options = prepare(message)
      try {
        made = toRequest(message, { origin: 'https://app.example.com', ...options })
      } catch (error) {
        made = error
      }
      response.end()
    })
    await sendBytes(port, text)
    if (!(made instanceof Request)) throw made
    return made
  }

  it('keeps method, path, query and headers', async () => {
    const made = await requestFor(
      'GET /zoho/callback?code=a%2Fb&state=s HTTP/1.1\r\nhost: x\r\ncookie: a=1; b=2\r\nx-a: ' +
        '1\r\nX-A: 2\r\nconnection: close\r\n\r\n',
    )
    expect([made.method, made.url]).toEqual([
      'GET',
      'https://app.example.com/zoho/callback?code=a%2Fb&state=s',
    ])
    expect([made.headers.get('cookie'), made.headers.get('x-a')]).toEqual(['a=1; b=2', '1, 2'])
  })

  it.each([
    [
      'a foreign Host header',
      'GET /zoho/connect HTTP/1.1\r\nhost: evil.example\r\nx-forwarded-host: ' +
        'evil.example\r\nx-forwarded-proto: http\r\nforwarded: host=evil.example\r\n',
      '/zoho/connect',
    ],
    [
      'two slashes',
      'GET //evil.example/zoho/connect HTTP/1.1\r\nhost: x\r\n',
      '//evil.example/zoho/connect',
    ],
    ['a backslash', 'GET /\\evil.example/zoho HTTP/1.1\r\nhost: x\r\n', '/'],
    ['an at sign', 'GET /@evil.example HTTP/1.1\r\nhost: x\r\n', '/@evil.example'],
    [
      'a target with an authority',
      'GET http://evil.example/zoho/connect HTTP/1.1\r\nhost: x\r\n',
      '/',
    ],
    [
      'a target with a foreign scheme',
      'GET ftp://evil.example/zoho/connect HTTP/1.1\r\nhost: x\r\n',
      '/',
    ],
    ['an asterisk', 'OPTIONS * HTTP/1.1\r\nhost: x\r\n', '/'],
  ])('resolves %s with the origin of the app', async (_, head, path) => {
    const made = await requestFor(`${head}connection: close\r\n\r\n`)
    expect(made.url).toBe(`https://app.example.com${path}`)
  })

  it.each([
    '/admin/../zoho/connect',
    '/admin/%2e%2E/zoho/connect',
    '/admin/..\\zoho\\connect',
    '/./zoho/connect',
    '/zoho/connect/.',
    '/zoho/connect/x/..',
    '/zoho/con\tnect',
    '/zoho/connect\x01',
    '/zoho\\connect',
    '/zoho/connect#',
    '/zoho/connect#/admin',
    '/zoho/connect?a#b/../c',
    '/zoho/\xe4',
    '/zoho/a"b',
    'http://evil.example/zoho/connect',
    'zoho/connect',
    '?/zoho/connect',
    '*',
    '',
  ])('G1: reads %j exactly as sent, or as `/`', (url) => {
    const message = { url, method: 'GET', rawHeaders: [] } as never
    const made = toRequest(message, { origin: 'https://app.example.com' })
    const { pathname } = new URL(made.url)
    expect([url.split('?')[0], '/']).toContain(pathname)
    if (url.startsWith('/zoho/connect?')) expect(pathname).toBe('/zoho/connect')
  })

  it.each(['TRACE', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'PROPFIND'])(
    'does not read %s as GET',
    async (method) => {
      const made = await requestFor(
        `${method} /zoho/callback HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\nconnection: ` +
          'close\r\n\r\n',
      )
      expect(made.method).toBe(method === 'TRACE' ? 'OPTIONS' : method)
    },
  )

  it('reads headers with bytes outside ASCII', async () => {
    expect(
      (
        await requestFor('GET / HTTP/1.1\r\nhost: x\r\nx-a: \u00e9\r\nconnection: close\r\n\r\n')
      ).headers.get('x-a'),
    ).toBeTruthy()
  })

  it('works after a parser has read the body', async () => {
    const made = await requestFor(
      'POST /zoho/disconnect HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\nconnection: ' +
        'close\r\n\r\na=1',
      (message) => void message.resume(),
    )
    expect([made.method, made.body]).toEqual(['POST', null])
  })

  it('uses the path that was sent even if a mount has shortened `message.url`', async () => {
    const made = await requestFor(
      'GET /zoho/callback?x=1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
      (message) => void Object.assign(message, { originalUrl: message.url, url: '/callback?x=1' }),
    )
    expect(new URL(made.url).pathname).toBe('/zoho/callback')
  })

  it('prefers the originalUrl of Express to the originalUrl of another framework', async () => {
    const text = 'GET /tenant/zoho/callback?x=1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'
    const koa = (message: IncomingMessage) => {
      message.url = '/callback?x=1'
      return { originalUrl: '/zoho/callback?x=1' }
    }
    expect(new URL((await requestFor(text, koa)).url).pathname).toBe('/zoho/callback')
    const inExpress = (message: IncomingMessage) =>
      koa(Object.assign(message, { originalUrl: message.url }))
    expect(new URL((await requestFor(text, inExpress)).url).pathname).toBe('/tenant/zoho/callback')
  })

  it('uses `target`, unless it or the path that was sent is not normalized', async () => {
    const pathFor = async (sent: string, target: string) => {
      const text = `GET ${sent} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`
      const made = await requestFor(text, (message) => {
        Object.assign(message, { originalUrl: message.url })
        return { target }
      })
      return new URL(made.url).pathname
    }
    expect(await pathFor('/v1/zoho/callback?x=1', '/zoho/callback?x=1')).toBe('/zoho/callback')
    expect(await pathFor('/v1/zoho/callback', '/x/../zoho/callback')).toBe('/')
    expect(await pathFor('/v1/x/../zoho/callback', '/zoho/callback')).toBe('/')
  })
})
