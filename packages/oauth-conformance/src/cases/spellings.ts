import { prefixes, separators, suffixes } from './spelling-parts.ts'

// Each character of these strings is one byte on the wire.

const insertAt = (path: string, at: number, inserted: string): string =>
  path.slice(0, at) + inserted + path.slice(at)

/** Different spellings of the characters of a path. */
const characterSpellings = (path: string): readonly string[] => {
  const encoded = (at: number, digits: (hex: string) => string) =>
    path.slice(0, at) + digits(path.charCodeAt(at).toString(16)) + path.slice(at + 1)
  const last = path.length - 1
  // In `/zoho/…`: both slashes, the characters after them, and the last character.
  const encodedPositions = [0, 1, 5, 6, last]
  return [
    path.toUpperCase(),
    path.slice(0, last) + path.slice(last).toUpperCase(),
    path.slice(0, 1) + path.slice(1, 2).toUpperCase() + path.slice(2),
    ...encodedPositions.flatMap((at) => [
      encoded(at, (hex) => `%${hex}`),
      encoded(at, (hex) => `%${hex.toUpperCase()}`),
      encoded(at, (hex) => `%25${hex}`),
      encoded(at, (hex) => `%u00${hex}`),
    ]),
    ...['\t', '\x00', '\x0b', '\x0c', '\xa0', '\xad', '%00', '%09', '%ad', '\xe2\x80\x8b'].flatMap(
      (inserted) => [1, 6, last].map((at) => insertAt(path, at, inserted)),
    ),
    path.slice(1), // Without the leading slash.
    path.replace('zoho', 'zoh%6F'),
    path.replace('o', '\xce\xbf'), // A Greek letter.
    path.replace('z', '\xef\xbd\x9a'), // A full-width letter.
  ]
}

/** Other forms of the request target: with an authority, with a scheme, or without a path. */
const absoluteTargets = (path: string): readonly string[] => [
  ...[
    'http://evil.example',
    'HTTP://evil.example',
    'https://evil.example',
    'http://app.example.com',
    'https://app.example.com:443',
    'http://127.0.0.1',
    'http://evil.example:80',
    'http://user:pass@evil.example',
    'http://[::1]',
    'http://',
    'http:/',
    'http:',
    'ftp://evil.example',
    'ws://evil.example',
    'file://',
    'data:',
    'javascript:',
  ].map((origin) => origin + path),
  `http://evil.example/admin/..${path}`,
  `http://evil.example/admin/%2e%2e${path}`,
  `http://evil.example\\@app.example.com${path}`,
  `http://evil.example/admin?${path}`,
  `http://evil.example/admin#${path}`,
  `http://evil.example${path}/../../admin`,
  `http://evil.example?${path}`,
  `http://evil.example#${path}`,
  `//evil.example${path}`,
  `///evil.example${path}`,
  `/\\evil.example${path}`,
  `*${path}`,
  `*?${path}`,
  `?${path}`,
  `#${path}`,
  `.${path}`,
  `..${path}`,
  `@evil.example${path}`,
  `:80${path}`,
  `evil.example:443${path}`,
]

/** Spellings by which an attacker could reach another handler with a path like a route. */
export const spellingsOf = (mount: string, route: string): readonly string[] => {
  const path = `${mount}/${route}`
  return [
    ...prefixes.map((prefix) => prefix + path.slice(1)),
    ...separators.map((separator) => mount + separator + route),
    ...['/admin/..', '/admin/%2e%2e', ''].map((start) => start + path.replaceAll('/', '\\')),
    ...suffixes.map((suffix) => path + suffix),
    ...characterSpellings(path),
    ...absoluteTargets(path),
  ]
}

/** Targets that match no route but could confuse a guard. */
export const oddTargets: readonly string[] = [
  '*',
  '/',
  '//',
  '/*',
  '/.',
  '/..',
  '/%',
  '/%2e%2e',
  '\\',
  '?',
  '#',
  '/zoho',
  '/zoho/',
  '/zoho/*',
  '/zoho/:route',
  '/admin',
  '/admin/',
  '/%ff',
  '/\xff',
  `/${'a'.repeat(8_000)}`,
  'http://',
  'evil.example:443',
  'mailto:x',
]
