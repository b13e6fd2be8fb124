import { casesOf } from '../adapter-case.ts'
import { consentAtZoho } from './consent-at-zoho.ts'
import {
  expectConnected,
  expectErrorPage,
  expectNoTokenCall,
  expectRedirect,
  expectTrue,
} from './expect.ts'

export const callbackParameters = casesOf({
  'callback-server-slash': [
    'an accounts server with a slash at its end is the same server',
    'Some data centers send it so, and their customers must be able to connect.',
    async (context) => {
      const { alice, path } = await consentAtZoho(context, (query) =>
        query.set('accounts-server', `${query.get('accounts-server')}/`),
      )
      expectRedirect(await alice.open(path), '/')
      expectConnected(await alice.script('/candidates'))
    },
  ],
  'callback-error-word': [
    'the error of a callback is on no page',
    'Anyone can write a callback URL, and its text would look like the app’s own.',
    async (context) => {
      const { app, alice, path } = await consentAtZoho(context, (query) => {
        query.delete('code')
        query.set('error', 'unauthorized_client')
      })
      const response = await alice.open(path)
      expectErrorPage(response, 502, 'consent-failed')
      expectTrue(!response.text.includes('unauthorized_client'), 'the page lacks the word')
      expectTrue(!response.text.includes('/connect'), 'the page has no link to try again')
      expectNoTokenCall(app)
    },
  ],
})
