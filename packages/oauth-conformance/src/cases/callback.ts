import { casesOf, type CaseTable } from '../adapter-case.ts'
import { consented } from './consented.ts'
import {
  bindingsIn,
  equal,
  holds,
  isConnected,
  isNotConnected,
  noTokenCall,
  pageOf,
  redirects,
} from './expect.ts'

/** A callback that was changed on its way is refused, spends nothing, and connects nobody. */
const refuses = (
  code: string,
  title: string,
  rationale: string,
  change: (query: URLSearchParams) => void,
): CaseTable[string] => [
  title,
  rationale,
  async (stage) => {
    const { scene, alice, path } = await consented(stage, change)
    const status = code === 'data-center-unknown' ? 500 : 400
    pageOf(await alice.open(path), status, code)
    noTokenCall(scene)
    isNotConnected(await alice.script('/candidates'))
  },
]

export const callback = casesOf({
  'callback-clean-address': [
    'the callback ends on a clean address, and leaves its own nowhere (B10)',
    'the code from histories, caches and the next site',
    async (stage) => {
      const { alice, path } = await consented(stage)
      const answer = await alice.open(path)
      redirects(answer, '/')
      equal(
        [answer.headers['referrer-policy'], answer.headers['cache-control']],
        ['no-referrer', 'no-store'],
        'Referrer-Policy and Cache-Control',
      )
    },
  ],
  'callback-keeps-app-cookie': [
    'the callback keeps the cookies that the app has set',
    'the app’s own session from being cut off by a consent',
    async (stage) => {
      const { alice, path } = await consented(stage)
      const answer = await alice.open(path)
      holds(
        answer.cookies.includes('app=kept; Path=/'),
        "the app's own cookie is a header of its own",
      )
      equal(
        answer.cookies.length,
        2,
        'Set-Cookie headers: the app’s, and the one that clears the binding',
      )
    },
  ],
  'callback-other-state': refuses(
    'callback-unbound',
    'a callback with another state is refused (S1)',
    'people from being connected to a stranger’s account',
    (query) => query.set('state', 'a'.repeat(43)),
  ),
  'callback-no-state': refuses(
    'callback-malformed',
    'a callback without a state is refused (S1)',
    'people from being connected to a stranger’s account',
    (query) => query.delete('state'),
  ),
  'callback-two-codes': refuses(
    'callback-malformed',
    'a callback with two codes is refused (B4)',
    'the exchange from a code that was slipped in',
    (query) => query.append('code', '1000.other'),
  ),
  'callback-two-servers': refuses(
    'callback-malformed',
    'a callback with two accounts servers is refused (B4)',
    'the secret from a host that was slipped in',
    (query) => query.append('accounts-server', 'https://accounts.zoho.com'),
  ),
  'callback-oversized': refuses(
    'callback-malformed',
    'a callback with 9 KB of query is refused (B4)',
    'the app from work for a stranger',
    (query) => query.set('more', 'x'.repeat(9_000)),
  ),
  'callback-foreign-server': refuses(
    'data-center-unknown',
    'a callback that names a stranger’s accounts server sends it nothing (B5)',
    'the client secret from whoever writes a callback',
    (query) => query.set('accounts-server', 'https://accounts.zoho.com.evil.example'),
  ),
  'callback-almost-server': refuses(
    'data-center-unknown',
    'an accounts server is compared to the letter (B5)',
    'the client secret from addresses that only look right',
    (query) => query.set('accounts-server', `${query.get('accounts-server')}/`),
  ),
  'callback-mixed-data-centers': refuses(
    'data-center-mismatch',
    'a known location that contradicts the accounts server is refused (B6)',
    'the code from the wrong data center',
    (query) => query.set('location', 'eu'),
  ),
  'callback-issuer': refuses(
    'callback-malformed',
    'an issuer that is another’s is refused (B8)',
    'the code from a mix-up of servers',
    (query) => query.set('iss', 'https://accounts.zoho.eu'),
  ),
  'callback-token': refuses(
    'callback-malformed',
    'a token in the callback is refused (B18)',
    'the app from the implicit grant',
    (query) => query.set('access_token', '1000.abc'),
  ),
  'callback-code-and-error': refuses(
    'callback-malformed',
    'a callback with both code and error is refused',
    'the exchange from an answer that contradicts itself',
    (query) => query.set('error', 'access_denied'),
  ),
  'callback-other-browser': [
    'a callback in another browser is refused (S2)',
    'people from finishing what somebody else began',
    async (stage) => {
      const { scene, path } = await consented(stage)
      pageOf(await scene.visitor().open(path), 400, 'callback-unbound')
      noTokenCall(scene)
    },
  ],
  'callback-other-user': [
    'a callback for another user of the app than the one who began is refused (S3)',
    'people from an account that somebody else connected for them',
    async (stage) => {
      const { scene, alice, path } = await consented(stage)
      alice.signIn('mallory@acme')
      pageOf(await alice.open(path), 403, 'principal-mismatch')
      noTokenCall(scene)
    },
  ],
  'callback-other-connection': [
    'a callback for another connection than the one that was begun is refused (S4)',
    'one customer’s consent from being stored as another’s',
    async (stage) => {
      const { scene, alice, path } = await consented(stage)
      alice.signIn('alice@globex')
      pageOf(await alice.open(path), 403, 'principal-mismatch')
      noTokenCall(scene)
    },
  ],
  'callback-signed-out': [
    'a callback for nobody is refused (S3)',
    'connections without an principal',
    async (stage) => {
      const { scene, alice, path } = await consented(stage)
      alice.signIn(undefined)
      pageOf(await alice.open(path), 401, 'principal-missing')
      noTokenCall(scene)
    },
  ],
  'callback-strict-session': [
    'where the app’s session cookie is Strict, the callback asks for itself once more from ' +
      'this site (C4)',
    'apps with SameSite=Strict sessions from losing every consent',
    async (stage) => {
      const { scene, alice, path } = await consented(stage)
      alice.signIn(undefined)
      const hop = await alice.open(path, {
        'sec-fetch-site': 'cross-site',
        'sec-fetch-mode': 'navigate',
        'sec-fetch-dest': 'document',
      })
      equal(
        [hop.status, hop.text.includes('http-equiv="refresh"'), bindingsIn(hop)],
        [200, true, []],
        'status, a page that reloads, and binding cookies',
      )
      noTokenCall(scene)
      alice.signIn('alice@acme')
      redirects(
        await alice.open(path, {
          'sec-fetch-site': 'same-origin',
          'sec-fetch-mode': 'navigate',
          'sec-fetch-dest': 'document',
        }),
        '/',
      )
    },
  ],
  'callback-binding-mode': [
    'with callbackIdentity: binding the sealed cookie alone names who connects',
    'single-page apps whose navigations carry no session',
    async ({ start }) => {
      const scene = await start({ options: { callbackIdentity: 'cookie' } })
      const alice = scene.visitor()
      const begun = await alice.script('/zoho/connect', { method: 'POST' })
      const back = await alice.decide((JSON.parse(begun.text) as { url: string }).url)
      alice.signIn(undefined)
      redirects(await alice.open(back.pathname + back.search), '/')
      alice.signIn('alice@acme')
      isConnected(await alice.script('/candidates'))
    },
  ],
  'callback-repeated-cookie': [
    'a binding cookie that came twice is refused (C3)',
    'the consent from cookies that a sibling host sets',
    async (stage) => {
      const { scene, alice, path } = await consented(stage)
      const [name, value] = [...alice.jar].find(([one]) => one.startsWith('__Host-zro-')) ?? []
      pageOf(
        await scene
          .visitor()
          .open(path, { cookie: `session=alice@acme; ${name}=${value}; ${name}=evil` }),
        400,
        'callback-malformed',
      )
      noTokenCall(scene)
    },
  ],
})
