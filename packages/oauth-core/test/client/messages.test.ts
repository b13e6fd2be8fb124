import { describe, expect, it } from 'vitest'
import { thrownBy, validOptions } from './configuration.ts'
import { errorOf, startConnected } from './connected.ts'

describe('the argument `init` of fetch', () => {
  it.each<[string, object, RegExp]>([
    ['a GET with a body', { body: 'x' }, /`init\.body` needs a `method` such as POST/],
    ['an unknown method', { method: 'SEARCH' }, /`init\.method` must be one of GET, HEAD, POST/],
    ['a misspelled method', { method: 'PSOT' }, /`init\.method` must be one of GET, HEAD, POST/],
    ['no method', { method: '' }, /`init\.method` must be one of/],
  ])('with %s is refused, and the cause is named', async (_, init, cause) => {
    const { acme, server } = await startConnected()
    const error = await errorOf(acme.fetch('Candidates', init))
    expect(error.code).toBe('argument-invalid')
    expect(error.message).toMatch(cause)
    expect(server.received).toEqual([])
  })

  it('with a stream that was read already is refused', async () => {
    const { acme, server } = await startConnected()
    const body = new Blob(['x']).stream()
    await new Response(body).text()
    const error = await errorOf(acme.fetch('Candidates', { method: 'POST', body }))
    expect([error.code, error.message]).toEqual([
      'argument-invalid',
      expect.stringContaining('was read already'),
    ])
    expect(server.received).toEqual([])
  })

  it('may have a stream without `duplex`, and a method in lower case', async () => {
    const { acme, server } = await startConnected()
    const body = new Blob(['the body']).stream()
    await acme.fetch('Candidates', { method: 'patch', body })
    expect(server.received.map((one) => [one.method, one.body])).toEqual([['PATCH', 'the body']])
  })
})

describe('an invalid `redirectUri`', () => {
  it.each<[string, RegExp]>([
    ['https://app.example.com/zoho/callback?tenant=1', /must not have a query/],
    ['https://app.example.com/zoho/callback?', /must not have a query/],
    ['https://app.example.com/zoho/callback#x', /must not have a fragment/],
    [
      'https://app.example.com:443/zoho/callback',
      /default port: write `https:\/\/app\.example\.com\/zoho\/callback`/,
    ],
    [
      'https://APP.example.com/zoho/callback',
      /as browsers write it: write `https:\/\/app\.example\.com\/zoho\/callback`/,
    ],
    ['https://app.example.com', /has no path/],
    ['https://app.example.com/', /has no path/],
    ['https://app.example.com/connect', /`\/connect` or `\/disconnect`/],
    ['https://app.example.com/zoho/connect/', /`\/connect` or `\/disconnect`/],
    ['https://app.example.com/zoho//callback', /`\/\/` in its path/],
    [
      'https://app.example.com/zoho/../callback/x',
      /write `https:\/\/app\.example\.com\/callback\/x`/,
    ],
    ['https://app.example.com/zoho/connect', /`\/connect` or `\/disconnect`/],
    ['http://app.example.com/zoho/callback', /https URL/],
    ['http://localhost.evil.example/zoho/callback', /https URL/],
    ['http://evil-localhost/zoho/callback', /https URL/],
    ['/zoho/callback', /absolute https URL/],
  ])('%s: the message names the cause', (redirectUri, cause) => {
    const error = thrownBy({ ...validOptions, redirectUri })
    expect(error?.code).toBe('configuration-invalid')
    expect(error?.message).toMatch(cause)
  })
})
