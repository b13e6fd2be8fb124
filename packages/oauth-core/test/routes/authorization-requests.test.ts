import fc from 'fast-check'
import { expect, it } from 'vitest'
import { unlistedScope } from '../../src/index.ts'
import { isScopeToken, parseScopes } from '../../src/domain/scopes.ts'
import { startSetup } from '../client/setup.ts'
import { authorizationUrl } from '../../src/endpoints/authorization.ts'
import { appOrigin, navigation, createBrowser, ann } from './browser.ts'

/** The text after a UTF-8 encoding, which replaces lone surrogates. */
const wellFormed = (text: string): string =>
  new TextDecoder().decode(new TextEncoder().encode(text))

const parameterNames = [
  'response_type',
  'client_id',
  'redirect_uri',
  'scope',
  'access_type',
  'prompt',
  'state',
  'code_challenge',
  'code_challenge_method',
]

const text = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    ...parameterNames.map((name) => `${name}=evil`),
    '&state=x',
    '#state=x',
    '?client_id=x',
    'a,b',
    'a b',
    'a"b',
    'a\\b',
    'a\r\nb',
    '%26state%3Dx',
    '__proto__',
  ),
)

it('S9: the authorization URL has its nine parameters once each for any input', async () => {
  const setup = await startSetup()
  const dataCenter = Object.values(setup.options().dataCenters ?? {})[0]
  if (!dataCenter) throw new Error('no data center')
  await fc.assert(
    fc.asyncProperty(
      text,
      text,
      fc.array(text, { maxLength: 5 }),
      text,
      text,
      async (clientId, redirectUri, scopes, state, codeVerifier) => {
        const url = new URL(
          await authorizationUrl(dataCenter, {
            clientId,
            redirectUri,
            scopes,
            state,
            codeVerifier,
          }),
        )
        expect([url.origin, url.pathname, url.hash]).toEqual([
          setup.server.origin,
          '/oauth/v2/auth',
          '',
        ])
        expect([...url.searchParams.keys()]).toEqual(parameterNames)
        const values = {
          response_type: 'code',
          access_type: 'offline',
          prompt: 'consent',
          code_challenge_method: 'S256',
          client_id: wellFormed(clientId),
          redirect_uri: wellFormed(redirectUri),
          state: wellFormed(state),
        }
        expect(Object.fromEntries(url.searchParams)).toMatchObject(values)
      },
    ),
    { numRuns: 1_000 },
  )
})

it('S9, B15: no query of /connect changes a parameter or breaks a header', async () => {
  const setup = await startSetup()
  const zoho = setup.client()
  const queries = fc.array(
    fc.tuple(fc.oneof(text, fc.constantFrom(...parameterNames, 'returnTo', 'dataCenter')), text),
    { maxLength: 5 },
  )
  let begun = 0
  await fc.assert(
    fc.asyncProperty(queries, fc.boolean(), async (pairs, isForm) => {
      const query = new URLSearchParams(pairs)
      const response = await createBrowser(zoho).send(
        `/zoho/connect?${query}`,
        isForm ? { ...navigation, 'sec-fetch-site': 'same-origin' } : navigation,
        isForm ? 'POST' : 'GET',
      )
      for (const [name, value] of response.headers)
        if (!/^[\x20-\x7e]*$/.test(value)) expect.fail(`${name}: ${JSON.stringify(value)}`)
      if (response.status !== 303) {
        expect(['argument-invalid', 'data-center-unknown']).toContain(response.code)
        return
      }
      begun += 1
      expect([...(response.url?.searchParams.keys() ?? [])]).toEqual(parameterNames)
      expect(Object.fromEntries(response.url?.searchParams ?? [])).toMatchObject({
        response_type: 'code',
        client_id: '1000.CLIENT',
        redirect_uri: `${appOrigin}/zoho/callback`,
        scope: 'ZohoRecruit.modules.ALL',
        access_type: 'offline',
        prompt: 'consent',
        code_challenge_method: 'S256',
      })
    }),
    { numRuns: 2_000 },
  )
  expect(begun).toBeGreaterThan(100)
})

it('B15: ids of the app break no header, and are refused with control characters', async () => {
  const setup = await startSetup()
  let refused = 0
  await fc.assert(
    fc.asyncProperty(text, text, async (id, principal) => {
      const browser = createBrowser(setup.client({ connectionFor: () => ({ id, principal }) }))
      const response = await browser.send('/zoho/connect')
      for (const [name, value] of response.headers)
        if (!/^[\x20-\x7e]*$/.test(value)) expect.fail(`${name}: ${JSON.stringify(value)}`)
      if (response.status !== 303) refused += 1
      else expect(`${id}${principal}`).not.toMatch(/[\x00-\x1f\x7f]/)
    }),
    { numRuns: 1_000 },
  )
  expect(refused).toBeGreaterThan(100)
})

it('S8: sends exactly the requested scopes, and refuses a separator in a scope', async () => {
  const setup = await startSetup()
  const zoho = setup.client()
  const scope = fc.oneof(
    fc.string({ minLength: 1, maxLength: 20 }),
    fc.stringMatching(/^[!#-+\--[\]-~]{1,128}$/),
    fc.constantFrom(
      'ZohoRecruit.modules.ALL',
      'ZohoRecruit.org.READ',
      'a,b',
      'a b',
      'a"b',
      'a\\b',
      'é',
      'a\nb',
      '',
    ),
  )
  const seen = { sent: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(fc.array(scope, { minLength: 1, maxLength: 6 }), async (scopes) => {
      const options = { scopes: scopes.map(unlistedScope) }
      const begun = await zoho.startAuthorization(ann, options).then(
        ({ url }) => new URL(url).searchParams.get('scope'),
        (error: { code: string }) => error,
      )
      if (typeof begun !== 'string') {
        seen.refused += 1
        expect([begun?.code, scopes.every(isScopeToken)]).toEqual(['argument-invalid', false])
        return
      }
      seen.sent += 1
      const wanted = [...new Set(scopes)].toSorted()
      expect([begun.split(','), parseScopes(begun)]).toEqual([wanted, wanted])
    }),
    { numRuns: 1_000 },
  )
  expect(Math.min(seen.sent, seen.refused)).toBeGreaterThan(100)
  expect(() => setup.client({ scopes: [] })).toThrow(/scopes/)
  expect(() => setup.client({ scopes: undefined as never })).toThrow(/scopes/)
})
