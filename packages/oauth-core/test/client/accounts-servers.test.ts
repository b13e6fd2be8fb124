import { expect, it } from 'vitest'
import { createConnection } from '../../src/client/connection.ts'
import { uniqueToken, startConsent } from './setup.ts'
import { recordingOptions, completeCallback } from './data-centers.ts'

it.each([
  'https://accounts.zoho.com/',
  'https://accounts.zoho.com:443',
  'https://accounts.zoho.com:443/',
  'https://Accounts.ZOHO.com',
  'HTTPS://ACCOUNTS.ZOHO.COM/',
])('accepts %s, which is the origin of an accounts server', async (server) => {
  const sent = [{ url: 'https://accounts.zoho.com/oauth/v2/token', secret: 'secret-of-us' }]
  for (const location of [{}, { location: 'us' }])
    expect(await completeCallback({ 'accounts-server': server, ...location })).toEqual({
      code: 'ok',
      sent,
    })
})

it('B5: accepts only the origins of the accounts servers in the table', async () => {
  const otherServers = [
    '',
    'null',
    'us',
    'accounts.zoho.com',
    '//accounts.zoho.com',
    'http://accounts.zoho.com',
    'https:accounts.zoho.com',
    'https:/accounts.zoho.com',
    'https://accounts.zoho.com//',
    'https://accounts.zoho.com/#',
    'https://accounts.zoho.com/?',
    'https://accounts.zoho.com/.',
    'https://accounts.zoho.com:443/oauth',
    'https://accounts.zoho.com:8443/',
    'https://accounts.zoho.com:/x',
    'https://:@accounts.zoho.com/',
    'https://accounts.zoho.com/oauth',
    'https://accounts.zoho.com.',
    'https://accounts.zoho.com:8443',
    'https://accounts.zoho.com@evil.example',
    'https://evil@accounts.zoho.com',
    'https://accounts.zoho.com.evil.example',
    'https://accounts.zoho.com%2eevil.example',
    'https://evil.example',
    'https://evil.example/https://accounts.zoho.com',
    'https://evil.example#https://accounts.zoho.com',
    'https://accounts.zoho.com#',
    'https://accounts.zoho.com?',
    ' https://accounts.zoho.com',
    'https://accounts.zoho.com ',
    'https://accounts.zoho.com\0',
    'https://accounts.zoho.com\n',
    '\uFEFFhttps://accounts.zoho.com',
    'https://accounts.zoho.com\u200b',
    'https://accounts.zоho.com',
    'https://accounts.xn--zho-5cd.com',
    'https://accounts%2Ezoho.com',
    'https://accounts。zoho.com',
    'https://[::1]',
    'https://127.0.0.1',
    'https://2130706433',
    'https://localhost',
    'https://accounts.zoho.ca',
    'https://accounts.zoho.cn',
    'https://accounts.zoho.au',
    'https://www.zohoapis.com',
    'https://recruit.zoho.com',
    'https://accounts.zoho.com\\@evil.example',
    'javascript:alert(1)',
    'data:,',
    'file:///etc/passwd',
    '__proto__',
    'constructor',
    '[object Object]',
    'https://accounts.zoho.com,https://evil.example',
    'https://accounts.zoho.com https://evil.example',
  ]
  for (const server of otherServers) {
    for (const location of [{}, { location: 'us' }]) {
      const result = await completeCallback({ 'accounts-server': server, ...location })
      expect({ server, ...result }).toEqual({ server, code: 'data-center-unknown', sent: [] })
    }
  }
})

it('B5, T12: refreshes and revokes at the same host, even if responses name another', async () => {
  const sent: string[] = []
  const { options } = recordingOptions()
  const poisoned = {
    ...options,
    fetch: async (url: string) => {
      sent.push(new URL(url).host)
      return Response.json({
        access_token: uniqueToken('access'),
        refresh_token: uniqueToken('refresh'),
        api_domain: 'https://evil.example',
        location: 'eu',
        'accounts-server': 'https://evil.example',
        status: 'success',
      })
    },
  }
  const browser = await startConsent(poisoned)
  await browser.complete({
    code: '1000.code',
    'accounts-server': 'https://accounts.zoho.in',
    location: 'in',
  })
  const acme = createConnection(browser.context, 'acme', () => {})
  await acme.refresh()
  await acme.fetch('Candidates')
  await acme.revoke()
  expect(sent).toEqual([
    'accounts.zoho.in',
    'accounts.zoho.in',
    'recruit.zoho.in',
    'accounts.zoho.in',
  ])
})
