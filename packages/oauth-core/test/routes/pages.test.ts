import { expect, it } from 'vitest'
import { freshSeed, mulberry, pick } from './random.ts'
import { byScript, fromZoho } from './browser.ts'
import { startRoutes } from './start-routes.ts'

it('C7, B9: ten thousand random parameters do not change a byte of the page', async () => {
  const { browser, events } = await startRoutes()
  const seed = freshSeed()
  const random = mulberry(seed)
  const parts = [
    '<script>',
    '</p>',
    '"',
    "'",
    '&',
    '<',
    '>',
    '&#60;',
    '<!--',
    '-->',
    '<svg onload=',
    '${7*7}',
    '{{7*7}}',
    '<%= 7 %>',
    '\r\n',
    '\0',
    '\u2028',
    '\ufeff',
    '\ud800',
    'javascript:',
    '<meta http-equiv=refresh>',
    'alert(1)',
    'callback',
    'consent',
  ]
  const text = () =>
    Array.from({ length: 1 + (random() % 6) }, () =>
      random() % 5 ? pick(parts, random()) : String.fromCharCode(random() % 0xffff),
    ).join('')
  const page = async (parameters: Record<string, string>, headers: Record<string, string>) => {
    const {
      status,
      body,
      headers: answered,
    } = await browser.send(`/zoho/callback?${new URLSearchParams(parameters)}`, headers)
    return JSON.stringify([status, body, [...answered]])
  }
  const expected = new Map<unknown, string>()
  for (const headers of [fromZoho, byScript]) expected.set(headers, await page({}, headers))
  for (let index = 0; index < 10_000; index++) {
    const headers = random() % 2 ? fromZoho : byScript
    const parameters = {
      error_description: text(),
      [pick(['error', 'state', 'code', 'location', 'accounts-server', 'iss', text()], random())]:
        text(),
      [text()]: text(),
    }
    if ((await page(parameters, headers)) !== expected.get(headers))
      expect.fail(`seed ${seed}: another page for ${JSON.stringify(parameters)}`)
  }
  // The events are the same each time, too.
  expect(new Set(events.map((event) => JSON.stringify(event))).size).toBe(1)
}, 120_000)

it('B17: no parameter or option makes the page send a message to another window', async () => {
  const { browser, zoho, client } = await startRoutes()
  const usual = await browser.send('/zoho/callback', fromZoho)
  const words = new URLSearchParams({
    mode: 'popup',
    display: 'popup',
    popup: '1',
    response_mode: 'web_message',
    responseMode: 'form_post',
    origin: 'https://evil.example',
    targetOrigin: '*',
    relay: 'x',
    callback: 'x',
    prompt: 'none',
  })
  expect((await browser.send(`/zoho/callback?${words}`, fromZoho)).body).toBe(usual.body)
  const { url } = await browser.send(`/zoho/connect?${words}`)
  expect([...(url?.searchParams.keys() ?? [])]).toEqual([
    'response_type',
    'client_id',
    'redirect_uri',
    'scope',
    'access_type',
    'prompt',
    'state',
    'code_challenge',
    'code_challenge_method',
  ])
  expect(url?.searchParams.get('prompt')).toBe('consent')
  for (const option of [{ popup: true }, { mode: 'popup' }, { responseMode: 'web_message' }])
    expect(() => client(option as object)).toThrow(/`(popup|mode|responseMode)` is unknown/)
  expect(Object.keys(zoho).toSorted()).toEqual([
    'connection',
    'connections',
    'errorResponse',
    'handle',
    'isRoute',
    'paths',
    'recover',
    'reencryptAll',
    'requireConnection',
    'revokeAll',
    'startAuthorization',
  ])
})
