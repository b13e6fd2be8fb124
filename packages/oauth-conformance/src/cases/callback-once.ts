import { casesOf } from '../adapter-case.ts'
import { consentAtZoho } from './consent-at-zoho.ts'
import {
  bindingCookies,
  equal,
  expectConnected,
  expectNoTokenCall,
  expectErrorPage,
  expectRedirect,
  expectTokenCalls,
} from './expect.ts'

export const callbackOnce = casesOf({
  'callback-once': [
    'twenty concurrent copies of a callback cause one token request, and all succeed (B2)',
    'A code must be sent only once, and a double click must not look like a failure.',
    async (context) => {
      const { app, alice, path } = await consentAtZoho(context)
      const responses = await Promise.all(Array.from({ length: 20 }, () => alice.open(path)))
      for (const response of responses) expectRedirect(response, '/')
      expectTokenCalls(app, 1)
    },
  ],
  'callback-repeated': [
    'a repeated callback of a finished consent leads to the same page, and sends no code (B2)',
    'Users go back in the browser history and accept again.',
    async (context) => {
      const { app, alice, path } = await consentAtZoho(context, undefined, '/candidates?page=2')
      for (const visit of ['first', 'second', 'third'])
        equal(
          (await alice.open(path)).headers['location'],
          '/candidates?page=2',
          `Location of the ${visit} visit`,
        )
      expectTokenCalls(app, 1)
      expectConnected(await alice.script('/candidates'))
    },
  ],
  'callback-replayed': [
    'a used callback is refused after the connection was ended (B2)',
    'A callback must not bring back a connection that the user has ended.',
    async (context) => {
      const { app, alice, path } = await consentAtZoho(context)
      const cookie = [...alice.jar, ['session', 'alice@acme']]
        .map((pair) => pair.join('='))
        .join('; ')
      expectRedirect(await alice.open(path), '/')
      await alice.submit('/zoho/disconnect')
      expectErrorPage(await alice.open(path, { cookie }), 400, 'callback-replayed')
      expectTokenCalls(app, 1)
    },
  ],
  'callback-head': [
    'a HEAD request to the callback does not use the code (B3)',
    'Link scanners send HEAD requests.',
    async (context) => {
      const { app, alice, path } = await consentAtZoho(context)
      const response = await app.send({
        method: 'HEAD',
        path,
        headers: {
          cookie: [...alice.jar, ['session', 'alice@acme']]
            .map((pair) => pair.join('='))
            .join('; '),
        },
      })
      equal(
        [response.status, response.headers['allow'], bindingCookies(response)],
        [405, 'GET', []],
        'status, Allow and binding cookies',
      )
      expectNoTokenCall(app)
      expectRedirect(await alice.open(path), '/')
    },
  ],
  'callback-prefetch': [
    'a prefetch of the callback does not use the code (B3)',
    'Browsers load pages in advance.',
    async (context) => {
      const { app, alice, path } = await consentAtZoho(context)
      const response = await alice.open(path, { 'sec-purpose': 'prefetch;prerender' })
      equal(
        [response.status, response.text, bindingCookies(response)],
        [503, '', []],
        'status, body and binding cookies',
      )
      expectNoTokenCall(app)
      expectRedirect(await alice.open(path), '/')
    },
  ],
  'callback-lost-exchange': [
    'a lost response of the exchange is reported, and the code is not sent again (B12)',
    'A code must be sent only once.',
    async (context) => {
      const { app, alice, path } = await consentAtZoho(context)
      app.emulator.addFault({ kind: 'drop-after', on: 'token', times: 1 })
      const response = await alice.open(path)
      equal(
        /<code>(.*?)<\/code>/.exec(response.text)?.[1],
        'exchange-outcome-unknown',
        'the code on the page',
      )
      equal(
        app.emulator
          .journal()
          .filter((entry) => entry.event === 'called' && entry.grantType === 'authorization_code')
          .length,
        1,
        'exchanges that reached Zoho',
      )
    },
  ],
})
