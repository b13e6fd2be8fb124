import { expect, it } from 'vitest'
import { createRecruitOAuth } from '../../src/index.ts'

const oauth = createRecruitOAuth({
  clientId: '1000.CLIENT',
  clientSecret: 'secret',
  redirectUri: 'https://app.example.com/zoho/callback',
  scopes: ['ZohoRecruit.modules.READ'],
  connectionFor: () => ({ id: 'acme', principal: 'alice' }),
  onEvent: () => {},
})

/** A request as in Deno and workerd: its URL is the text that was sent. */
const requestWithUrl = (url: string, init?: RequestInit): Request =>
  new Proxy(new Request('https://app.example.com/', init), {
    get: (request, name) => {
      if (name === 'url') return url
      const value: unknown = Reflect.get(request, name, request)
      return typeof value === 'function' ? (value.bind(request) as unknown) : value
    },
  })

it.each([
  'http://app.example.com/admin/../zoho/connect',
  'http://app.example.com/admin/%2e%2e/zoho/connect',
  'http://app.example.com/admin/..\\zoho\\connect',
  'http://app.example.com/./zoho/connect',
  'http://app.example.com/zoho/con\tnect',
  'http://app.example.com/zoho/connect/',
  'http://app.example.com//zoho/connect',
  'http://app.example.com\\zoho\\connect',
  'http://app.example.com?/zoho/connect',
  'http://app.example.com#/zoho/connect',
  'http:/zoho/connect',
  '/zoho/connect',
  'http:///zoho/x/../connect',
  '',
])('G1: %j is no route, as `isRoute` and `handle` do not normalize paths', async (url) => {
  expect(oauth.isRoute(requestWithUrl(url))).toBe(false)
  expect(await oauth.handle(requestWithUrl(url))).toBeUndefined()
})

it('G1: a route is known by its exact path, with any host, query and fragment', async () => {
  for (const url of [
    'http://evil.example/zoho/connect',
    'http://[bad/zoho/connect',
    'http://a:b@c:99999/zoho/connect',
    'http://app.example.com/zoho/connect?a=/../b',
    'http://app.example.com/zoho/connect#x',
  ]) {
    expect(oauth.isRoute(requestWithUrl(url))).toBe(true)
    expect((await oauth.handle(requestWithUrl(url)))?.status).toBe(303)
  }
})

it('requireConnection() returns to the path that was sent if it is a path of the app', async () => {
  const returnToOf = async (url: string) => {
    const response = await oauth.requireConnection(
      requestWithUrl(url, { headers: { accept: 'text/html' } }),
    )
    return response instanceof Response
      ? new URL(response.headers.get('location') ?? '', 'https://x').searchParams.get('returnTo')
      : response
  }
  expect(await returnToOf('http://[bad/jobs?page=2#x')).toBe('/jobs?page=2')
  expect(await returnToOf('http://x/a/../jobs')).toBe('/jobs')
  for (const url of [
    'http://x//evil.example',
    'http://x/..//evil.example',
    'http://x/\\evil.example',
    'http://x',
    'http://x/a\tb',
  ])
    expect(await returnToOf(url)).toBe(null)
})
