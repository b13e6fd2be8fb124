import { casesOf } from '../adapter-case.ts'
import { bindingCookies, equal, expectTrue, expectProblem } from './expect.ts'

const crossSite = { 'sec-fetch-site': 'cross-site' }

export const connectCrossSite = casesOf({
  'connect-refuses-foreign-post': [
    'POST /connect from another site is refused and sets no cookie (S11)',
    'Another site must not start a consent for the user.',
    async ({ start }) => {
      const response = await (
        await start()
      )
        .visitor()
        .script('/zoho/connect', { method: 'POST', headers: { origin: 'https://evil.example' } })
      expectProblem(response, 403, 'cross-site-request')
      equal(bindingCookies(response), [], 'binding cookies')
    },
  ],
  'connect-refuses-foreign-image': [
    'an image or script of another site cannot start a consent (S11)',
    'Another site must not start a consent for the user.',
    async ({ start }) => {
      const response = await (await start()).visitor().script('/zoho/connect', {
        headers: { ...crossSite, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
      })
      expectProblem(response, 403, 'cross-site-request')
      equal(bindingCookies(response), [], 'binding cookies')
    },
  ],
  'connect-confirms-foreign-link': [
    'a link from another site leads to a confirmation page (S11)',
    'A link of another site must not start a consent without a click in the app.',
    async ({ start }) => {
      const response = await (await start()).visitor().open('/zoho/connect?returnTo=/candidates', {
        ...crossSite,
        'sec-fetch-mode': 'navigate',
        'sec-fetch-dest': 'document',
      })
      equal(
        [response.status, response.headers['content-type'], bindingCookies(response)],
        [200, 'text/html; charset=utf-8', []],
        'status, type and binding cookies',
      )
      expectTrue(
        response.text.includes('href="/zoho/connect?returnTo=%2Fcandidates"'),
        'the page links to the next step',
      )
    },
  ],
  'connect-refuses-foreign-return': [
    'a returnTo outside the app is refused (B14)',
    'The callback must not redirect users to a foreign site.',
    async ({ start }) => {
      const alice = (await start()).visitor()
      for (const returnTo of [
        '//evil.example',
        '/\\evil.example',
        'https://evil.example',
        '/..//evil.example',
        '/a\nb',
        'https://app.example.com.evil.example/',
        'javascript:alert(1)',
      ]) {
        const response = await alice.open(`/zoho/connect?${new URLSearchParams({ returnTo })}`)
        equal(
          [response.status, response.headers['location'], bindingCookies(response)],
          [400, undefined, []],
          `status, Location and cookies for returnTo=${returnTo}`,
        )
      }
    },
  ],
})
