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

/** A request as Deno and workerd hand it over: its URL is the text that was sent. */
const asSent = (url: string, init?: RequestInit): Request =>
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
])('G1: %j is no route: neither `isRoute` nor `handle` normalizes a path', async (url) => {
  expect(oauth.isRoute(asSent(url))).toBe(false)
  expect(await oauth.handle(asSent(url))).toBeUndefined()
})

it('G1: a route is known by its bytes, whatever host, query and fragment come along', async () => {
  for (const url of [
    'http://evil.example/zoho/connect',
    'http://[bad/zoho/connect',
    'http://a:b@c:99999/zoho/connect',
    'http://app.example.com/zoho/connect?a=/../b',
    'http://app.example.com/zoho/connect#x',
  ]) {
    expect(oauth.isRoute(asSent(url))).toBe(true)
    expect((await oauth.handle(asSent(url)))?.status).toBe(303)
  }
})

it('the gate leads back to the path that was sent, once it is a path of this app', async () => {
  const back = async (url: string) => {
    const answer = await oauth.requireConnection(asSent(url, { headers: { accept: 'text/html' } }))
    return answer instanceof Response
      ? new URL(answer.headers.get('location') ?? '', 'https://x').searchParams.get('returnTo')
      : answer
  }
  expect(await back('http://[bad/jobs?page=2#x')).toBe('/jobs?page=2')
  expect(await back('http://x/a/../jobs')).toBe('/jobs')
  for (const url of [
    'http://x//evil.example',
    'http://x/..//evil.example',
    'http://x/\\evil.example',
    'http://x',
    'http://x/a\tb',
  ])
    expect(await back(url)).toBe('/')
})
