import { expect, it } from 'vitest'
import { parseReturnTo } from '../../src/config/return-to.ts'
import { freshSeed, mulberry, pick } from './random.ts'

const rule = { appOrigin: 'https://app.example.com', trustedOrigins: [] }
const accepted = (value: unknown): string | undefined => {
  const parsed = parseReturnTo(value, rule)
  return 'returnTo' in parsed ? parsed.returnTo : undefined
}

const origins = ['https://app.example.com', 'http://localhost:3000', 'https://app.example.com:8443']

/**
 * Pieces of open redirects: the delimiters of RFC 3986, characters that browsers drop or replace,
 * and hosts.
 */
const pieces = [
  '/',
  '//',
  '/',
  '\\',
  '..',
  '.',
  '/..',
  '/.',
  '%2e',
  '%2E',
  '%2f',
  '%5c',
  '%00',
  '%09',
  '@',
  ':',
  ';',
  '?',
  '#',
  '&',
  '=',
  '*',
  '|',
  '<',
  '>',
  '"',
  "'",
  '`',
  '{',
  '}',
  '^',
  '[',
  ']',
  '~',
  '!',
  '$',
  '+',
  ',',
  '-',
  '_',
  'evil.example',
  'app.example.com',
  'http:',
  'https:',
  'javascript:',
  'data:',
  'a',
  'b',
  '0',
  ' ',
  '\t',
  '\n',
  '\r',
  '\0',
  '\u007f',
  '\u0085',
  '\u00a0',
  '\u2028',
  '\u3002',
  '\uff0f',
  '\uff3c',
  '\u2044',
  '\u00e9',
  '\ud800',
  '\u{1f600}',
]

it('B14, B15: of a million returnTo, the accepted ones stay on the origin of the app', () => {
  const seed = freshSeed()
  const random = mulberry(seed)
  let acceptedCount = 0
  for (let index = 0; index < 1_000_000; index++) {
    let text = random() % 4 ? '/' : ''
    for (let left = random() % 7; left >= 0; left--)
      text += random() % 12 ? pick(pieces, random()) : String.fromCharCode(random() % 0x300)
    const returnTo = accepted(text)
    if (returnTo === undefined) continue
    acceptedCount += 1
    for (const origin of origins) {
      const url: URL = new URL(returnTo, `${origin}/zoho/callback`)
      const stays =
        url.origin === origin &&
        url.username === '' &&
        !url.pathname.startsWith('//') &&
        /^\/(?![/\\])[\x21-\x7e]*$/.test(returnTo)
      if (!stays)
        expect.fail(
          `seed ${seed}: ${JSON.stringify(text)} was accepted as ` +
            `${JSON.stringify(returnTo)}, and leads to ${url.href}`,
        )
    }
  }
  // Some are accepted, some are refused.
  expect(acceptedCount).toBeGreaterThan(100_000)
  expect(acceptedCount).toBeLessThan(700_000)
}, 240_000)

it.each([
  '//evil.example',
  '/\\evil.example',
  '\\/evil.example',
  '\\\\evil.example',
  '/..//evil.example',
  '/.//evil.example',
  '/a/..//evil.example',
  '/%2e%2e//evil.example',
  '/%2E.//evil.example',
  '///evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '\t//evil.example',
  ' //evil.example',
  'https://evil.example',
  'https:evil.example',
  'https:/evil.example',
  'http:///evil.example',
  'javascript:alert(1)',
  'data:text/html,x',
  'evil.example',
  '',
  '.',
  '?a',
  '#a',
  '@evil.example',
  `/${'a'.repeat(4_000)}`,
  '/a\r\nset-cookie: a=b',
  '/a\0',
  '/a\u007f',
  '/a\\b',
])('B14, B15: refuses %j', (returnTo) => expect(accepted(returnTo)).toBe(undefined))

it.each([
  ['/', '/'],
  [
    '/candidates?page=2&q=%2F%2Fevil.example#row-7',
    '/candidates?page=2&q=%2F%2Fevil.example#row-7',
  ],
  ['/a/../b', '/b'],
  ['/a//b', '/a//b'],
  ['/@evil.example', '/@evil.example'],
  ['/:443', '/:443'],
  ['/https://evil.example', '/https://evil.example'],
  ['/%5cevil.example', '/%5cevil.example'],
  ['/?returnTo=//evil.example', '/?returnTo=//evil.example'],
  ['/ /evil.example', '/%20/evil.example'],
  ['/\u00a0/evil.example', '/%C2%A0/evil.example'],
  ['/\u3002/evil.example', '/%E3%80%82/evil.example'],
  ['/\uff0fevil.example', '/%EF%BC%8Fevil.example'],
  ['/\u2044evil.example', '/%E2%81%84evil.example'],
  ['/Bewerber/Müller?q=Zürich', '/Bewerber/M%C3%BCller?q=Z%C3%BCrich'],
  ['https://app.example.com/jobs?a=1#top', '/jobs?a=1#top'],
  ['HTTPS://APP.example.com:443/jobs', '/jobs'],
])('B14: accepts %s as %s', (returnTo, path) => expect(accepted(returnTo)).toBe(path))

it.each([
  [5, 'must be a string'],
  ['/a\\b', 'has a backslash'],
  ['/a\nb', 'has a control character, such as a line break'],
  ['//evil.example', 'begins with `//`, which names another host'],
  ['/..//evil.example', 'has a path that begins with `//`'],
  ['jobs', 'must be a path that begins with `/`, or an http or https URL'],
  ['https://user@app.example.com/', 'has a user name or a password'],
  ['https://evil.example/', "has another origin than the app's own and `trustedOrigins`"],
  ['http://app.example.com/', "has another origin than the app's own and `trustedOrigins`"],
  [`/${'a'.repeat(4_000)}`, 'has more than 4000 characters'],
])('names why it refuses %j', (value, problem) =>
  expect(parseReturnTo(value, rule)).toEqual({ problem }),
)

it('accepts a URL of a trusted origin, and resolves a path against another base', () => {
  const trusted = { ...rule, trustedOrigins: ['https://acme.example.net'] }
  expect(parseReturnTo('https://acme.example.net/jobs', trusted)).toEqual({
    returnTo: 'https://acme.example.net/jobs',
  })
  expect(parseReturnTo('/jobs', trusted, 'https://acme.example.net')).toEqual({
    returnTo: 'https://acme.example.net/jobs',
  })
  for (const value of ['https://acme.example.net.evil.example/', 'https://acme.example.net:8443/'])
    expect(parseReturnTo(value, trusted)).toHaveProperty('problem')
})

it.each([undefined, null, 5, {}, ['/'], { toString: () => '/' }])(
  'B14: refuses %j, which is no string',
  (returnTo) => expect(accepted(returnTo)).toBe(undefined),
)
