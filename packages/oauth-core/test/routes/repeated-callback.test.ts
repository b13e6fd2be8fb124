import { expect, it } from 'vitest'
import { minute } from '../client/setup.ts'
import { createBrowser, fromZoho, navigation } from './browser.ts'
import { startRoutes, type RoutesSetup } from './start-routes.ts'

/** A browser that has connected with `returnTo=/candidates`, and the state of that consent. */
const startConnected = async (options: Parameters<typeof startRoutes>[0] = {}) => {
  const setup = await startRoutes(options)
  const state = await setup.browser.startConsent('?returnTo=/candidates')
  const first = await setup.browser.sendCallback(state)
  expect([first.status, first.url?.pathname]).toEqual([303, '/candidates'])
  return { ...setup, state }
}

const codeCalls = ({ tokenCalls }: RoutesSetup) => tokenCalls().length

it('Back and Accept at Zoho leads to the same page, and the new code is not sent', async () => {
  const setup = await startConnected()
  const second = await setup.browser.sendCallback(setup.state, { code: '1000.another' })
  expect([second.status, second.url?.pathname, codeCalls(setup)]).toEqual([303, '/candidates', 1])
})

it('Back and Cancel at Zoho does not report a failure either', async () => {
  const setup = await startConnected()
  const second = await setup.browser.sendCallback(setup.state, { error: 'access_denied' })
  expect([second.status, second.url?.pathname]).toEqual([303, '/candidates'])
})

it('without any cookie, the signed-in user gets to the default page', async () => {
  const setup = await startConnected()
  const bare = createBrowser(setup.zoho)
  const second = await bare.sendCallback(setup.state)
  expect([second.status, second.url?.pathname, codeCalls(setup)]).toEqual([303, '/', 1])
})

it('a request that is older than ten minutes but has finished is no failure', async () => {
  const setup = await startConnected()
  setup.time.advance(11 * minute)
  const second = await setup.browser.sendCallback(setup.state)
  expect([second.status, second.url?.pathname]).toEqual([303, '/candidates'])
})

it.each<[string, (setup: RoutesSetup) => unknown, string]>([
  [
    'another user is signed in',
    ({ session }) => (session.who = { id: 'acme', principal: 'bob' }),
    'principal-mismatch',
  ],
  [
    'another connection is signed in',
    ({ session }) => (session.who = { id: 'globex', principal: 'ann' }),
    'principal-mismatch',
  ],
  ['nobody is signed in', ({ session }) => (session.who = undefined), 'principal-missing'],
  [
    'the connection was revoked',
    ({ zoho }) => zoho.connection('acme').revoke(),
    'callback-replayed',
  ],
])('a repeated callback is a failure if %s', async (_, change, code) => {
  const setup = await startConnected()
  await change(setup)
  const second = await setup.browser.sendCallback(setup.state, { code: '1000.code' }, navigation)
  expect([second.code, codeCalls(setup)]).toEqual([code, 1])
})

it('an old request of another user stays a failure, although it has finished', async () => {
  const setup = await startConnected()
  setup.session.who = { id: 'acme', principal: 'bob' }
  setup.time.advance(11 * minute)
  const second = await setup.browser.sendCallback(setup.state)
  expect([second.code, codeCalls(setup)]).toEqual(['callback-expired', 1])
})

it('another user cannot use the state of a finished consent without its cookie', async () => {
  const setup = await startConnected()
  setup.session.who = { id: 'globex', principal: 'bob' }
  const bare = createBrowser(setup.zoho)
  expect((await bare.sendCallback(setup.state)).code).toBe('callback-unbound')
})

it('a state that never finished is unbound, although the connection is active', async () => {
  const { browser } = await startConnected()
  expect((await browser.sendCallback('S'.repeat(43))).code).toBe('callback-unbound')
})

it('a failed attempt stays a failure, although the connection is active', async () => {
  const setup = await startConnected()
  const state = await setup.browser.startConsent('?returnTo=/jobs')
  const refused = await setup.browser.sendCallback(state, { error: 'access_denied' })
  expect(refused.code).toBe('consent-refused')
  const repeated = await setup.browser.sendCallback(state, { error: 'access_denied' })
  expect(repeated.code).toBe('callback-replayed')
  // The page leads to the same place as before.
  expect(repeated.body).toContain('/zoho/connect?returnTo=%2Fjobs&#38;dataCenter=eu')
})

it('the cookie of the last callback has no secret and starts nothing', async () => {
  const setup = await startConnected()
  setup.session.who = { id: 'globex', principal: 'ann' }
  await setup.zoho.connection('acme').forget()
  const parameters = { code: '1000.code' }
  const other = await setup.browser.sendCallback(setup.state, parameters, navigation)
  expect([other.code, codeCalls(setup)]).toEqual(['principal-mismatch', 1])
})

it('with one cookie for all requests, a repetition still leads to the same page', async () => {
  const setup = await startConnected({ cookieName: '__session' })
  expect([...setup.browser.jar.keys()]).toEqual(['__session'])
  const second = await setup.browser.sendCallback(setup.state, { code: '1000.another' }, fromZoho)
  expect([second.status, second.url?.pathname, codeCalls(setup)]).toEqual([303, '/candidates', 1])
})

it('with one cookie for all requests, a new request replaces the one before', async () => {
  const { browser } = await startRoutes({ cookieName: '__session' })
  const first = await browser.startConsent()
  const second = await browser.startConsent('?returnTo=/second')
  expect((await browser.sendCallback(first)).code).toBe('callback-unbound')
  const finished = await browser.startConsent('?returnTo=/third')
  expect((await browser.sendCallback(finished)).url?.pathname).toBe('/third')
  expect(second).not.toBe(finished)
})
