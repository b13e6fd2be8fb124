// Each character of these strings is one byte on the wire.

const slashes = ['\\', '%2f', '%5C', '//', '/./', '\\/', '/%2e/', ';/', '%252f']

/** What stands before the mount. */
const before: readonly string[] = [
  // Dot segments, in many spellings of the dots and of the slashes around them.
  ...[
    '..', '%2e%2e', '%2E%2E', '.%2e', '%2E.', '%2e.', '.%2E', '%252e%252e', '..;', '..;a=b', '...',
    '%c0%ae%c0%ae', '\xc0\xae\xc0\xae', '\xef\xbc\x8e\xef\xbc\x8e', '..%00', '..%20', '..\t',
    '.\t.',
  ].map((dots) => `/admin/${dots}/`),
  ...['..', '%2e%2E', '..;'].flatMap((dots) =>
    slashes.flatMap((slash) => [`/admin${slash}${dots}/`, `/admin/${dots}${slash}`]),
  ),
  '/admin/x/../../', '/a/b/c/../../../', '/admin/../admin/../', '/../', '/../../', '/./../',
  '/admin?/../', '/admin#/../',
  '/', '//', '///', '/./', '/%2e/', '/%2E/', '/.//', '/..;/', '/;/', '/%20/', '/%09/', '/%00/',
  '/\\', '\\', '\\\\', '/%2f', '/%5c', '/\t/', '/\x01/', '/ / ', '/*/',
]

/** Where the slash between the mount and the route stands. */
const between: readonly string[] = [
  '//', '/./', '/%2e/', '/x/../', '/x/%2e%2e/', '/x/%2E./', '\\', '/\\', '%2f', '%2F', '%5c',
  '/;/', ';/', ';a=b/', '/%00/', '/x/..\\', '/x\\..\\', '/x/..;/', '/..;/', '/\t', '%09/', '/%20',
  '/../zoho/', '\\..\\zoho\\', '%252f',
]

/** After a route. */
const behind: readonly string[] = [
  '/', '//', '/.', '/./', '/..', '/../', '/x/..', '/x/../', '/%2e', '/%2e%2e', '.', '..',
  '/.%2e', '\\', '\\..', '%2f', '%2F', '%5c', '%2f..', '/..;/', ';', ';a=b', ';?', ';/../x',
  '%3b', ':', ',', '%00', '\x00', '%20', '%0a', '%0d%0a', '%09', '\t', '\x0b', '\x7f', '\x80',
  '\xff', '%ff', '%', '%2', '%zz', '%u0000', '\xc3\xa4', '%c3%a4', '%e2%80%8b', '.json', '.html',
  '~', '|', '^', '"', '<', '`', '{',
  '?', '??', '?/', '?/../', '?/admin', '?a=/../../admin', '?%00', '?\t', '?#', '?a#b', '%3f',
  '%3Fa=b', '&', '#', '#/', '#/admin', '%23', '#?a', '?returnTo=/admin', '?_method=GET',
  '??returnTo=//evil.example',
  `?${'a'.repeat(4_000)}`, `/${'../'.repeat(300)}admin`,
  `/${'a/'.repeat(300)}${'../'.repeat(300)}`,
  'x'.repeat(3_000),
]

const upTo = (path: string, at: number, put: string): string =>
  path.slice(0, at) + put + path.slice(at)

/** Other spellings of the characters of a path. */
const spelled = (path: string): readonly string[] => {
  const encoded = (at: number, digits: (hex: string) => string) =>
    path.slice(0, at) + digits(path.charCodeAt(at).toString(16)) + path.slice(at + 1)
  const last = path.length - 1
  return [
    path.toUpperCase(),
    path.slice(0, last) + path.slice(last).toUpperCase(),
    path.slice(0, 1) + path.slice(1, 2).toUpperCase() + path.slice(2),
    ...[0, 1, 5, 6, last].flatMap((at) => [
      encoded(at, (hex) => `%${hex}`),
      encoded(at, (hex) => `%${hex.toUpperCase()}`),
      encoded(at, (hex) => `%25${hex}`),
      encoded(at, (hex) => `%u00${hex}`),
    ]),
    ...['\t', '\x00', '\x0b', '\x0c', '\xa0', '\xad', '%00', '%09', '%ad', '\xe2\x80\x8b'].flatMap(
      (put) => [1, 6, last].map((at) => upTo(path, at, put)),
    ),
    path.slice(1), // Without the first slash.
    path.replace('zoho', 'zoh%6F'),
    path.replace('o', '\xce\xbf'), // A Greek letter.
    path.replace('z', '\xef\xbd\x9a'), // A full-width letter.
  ]
}

/** Other forms of the request target: with an authority, with a scheme, or without a path. */
const absolute = (path: string): readonly string[] => [
  ...[
    'http://evil.example', 'HTTP://evil.example', 'https://evil.example', 'http://app.example.com',
    'https://app.example.com:443', 'http://127.0.0.1', 'http://evil.example:80',
    'http://user:pass@evil.example', 'http://[::1]', 'http://', 'http:/', 'http:',
    'ftp://evil.example', 'ws://evil.example', 'file://', 'data:', 'javascript:',
  ].map((origin) => origin + path),
  `http://evil.example/admin/..${path}`, `http://evil.example/admin/%2e%2e${path}`,
  `http://evil.example\\@app.example.com${path}`, `http://evil.example/admin?${path}`,
  `http://evil.example/admin#${path}`, `http://evil.example${path}/../../admin`,
  `http://evil.example?${path}`, `http://evil.example#${path}`,
  `//evil.example${path}`, `///evil.example${path}`, `/\\evil.example${path}`, `*${path}`,
  `*?${path}`, `?${path}`, `#${path}`, `.${path}`, `..${path}`, `@evil.example${path}`,
  `:80${path}`, `evil.example:443${path}`,
]

/** What an attacker writes to reach another handler by a path that only looks like a route. */
export const spellingsOf = (mount: string, route: string): readonly string[] => {
  const path = `${mount}/${route}`
  return [
    ...before.map((start) => start + path.slice(1)),
    ...between.map((slash) => mount + slash + route),
    ...['/admin/..', '/admin/%2e%2e', ''].map((start) => start + path.replaceAll('/', '\\')),
    ...behind.map((end) => path + end),
    ...spelled(path),
    ...absolute(path),
  ]
}

/** Targets that name no route at all, by which a guard could be confused. */
export const oddTargets: readonly string[] = [
  '*', '/', '//', '/*', '/.', '/..', '/%', '/%2e%2e', '\\', '?', '#', '/zoho', '/zoho/', '/zoho/*',
  '/zoho/:route', '/admin', '/admin/', '/%ff', '/\xff', `/${'a'.repeat(8_000)}`, 'http://',
  'evil.example:443', 'mailto:x',
]
