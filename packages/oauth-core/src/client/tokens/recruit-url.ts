import type { DataCenter } from '../../domain/data-centers.ts'
import type { RecruitOAuthError } from '../../errors/recruit-oauth-error.ts'
import { invalidArgument } from '../../config/invalid-option.ts'

/** Where a call to Recruit goes. */
export interface RecruitUrl {
  readonly href: string
  /** Is it at the upload server, which needs `X-RECRUIT-ORG`? */
  readonly isUpload: boolean
}

/** A scheme. A scheme-relative URL (`//host`) is not accepted. */
const scheme = /^[a-z][a-z0-9+.-]*:/i
/** A path from `/recruit/` on that lacks the first slash, or has upper case. */
const almostFromRoot = /^\/?recruit(\/|$)/i
const recruitFolder = '/recruit/'

/**
 * The URL of a call. Three forms are accepted: a path relative to the v2 API (`Candidates`), a path
 * from `/recruit/` on, and an absolute URL at one of the data center's own servers.
 * @param server the server of a path; an absolute URL names its own
 * @throws `argument-invalid`, naming the cause
 */
export const recruitUrlOf = (
  dataCenter: DataCenter,
  path: string,
  server: 'recruit' | 'upload',
): RecruitUrl => {
  if (scheme.test(path)) return absoluteUrl(dataCenter, path, server)
  const isUpload = server === 'upload'
  const v2Api = isUpload ? uploadApiOf(dataCenter) : dataCenter.recruitApi
  const isFromRoot = path.startsWith(recruitFolder)
  if (!isFromRoot && almostFromRoot.test(path))
    throw invalidPath('must begin with `/recruit/`, or must be relative to the v2 API')
  const base = isFromRoot ? rootOf(v2Api) + recruitFolder : `${v2Api}/`
  const rest = isFromRoot ? path.slice(recruitFolder.length) : path.replace(/^\//, '')
  const href = URL.parse(base + rest)?.href
  if (!href?.startsWith(base)) throw invalidPath('leads out of the Recruit API')
  return { href, isUpload }
}

/** @see https://www.zoho.com/recruit/developer-guide/apiv2/bulk-write/upload-file.html */
const uploadApiOf = ({ uploadServer }: DataCenter): string => {
  if (uploadServer === undefined)
    throw invalidArgument(
      'init.server',
      "is `upload`, but the connection's entry of `dataCenters` has no `uploadServer`",
    )
  return `${uploadServer}/recruit/v2`
}

/**
 * `recruitApi` without `/recruit/v2`: the server, or a path of the app's own proxy.
 * @throws `argument-invalid` if `recruitApi` ends differently, so that nobody knows where other
 * APIs are
 */
const rootOf = (recruitApi: string): string => {
  const end = '/recruit/v2'
  if (!recruitApi.endsWith(end))
    throw invalidPath(
      "begins with `/recruit/`, and the data center's `recruitApi` does not end in `/recruit/v2`",
    )
  return recruitApi.slice(0, -end.length)
}

/** The URLs below which the data center's own servers are. Tokens are sent nowhere else. */
export const ownServers = ({ recruitApi, uploadServer }: DataCenter): readonly string[] => [
  recruitApi.replace(/\/recruit\/v2$/, ''),
  ...(uploadServer === undefined ? [] : [uploadServer]),
]

const absoluteUrl = (
  dataCenter: DataCenter,
  path: string,
  server: 'recruit' | 'upload',
): RecruitUrl => {
  const url = URL.parse(path)
  if (!url) throw invalidPath('is not a URL, although it begins like one')
  if (url.username || url.password) throw invalidPath('has user info in its URL')
  const servers = ownServers(dataCenter)
  if (!servers.some((own) => url.href.startsWith(`${own}/`)))
    throw invalidPath(
      "is a URL of a server that is not the connection's own",
      `Use a URL at ${servers.join(' or ')}, or a path such as \`Candidates\` or ` +
        '`/recruit/bulk/v2/read`.',
    )
  const { uploadServer, recruitApi } = dataCenter
  const isOnlyUpload = url.origin === uploadServer && !recruitApi.startsWith(`${uploadServer}/`)
  return { href: url.href, isUpload: server === 'upload' || isOnlyUpload }
}

/**
 * Refuses a path that a server could read differently from this library.
 * @throws `argument-invalid`, naming the cause
 */
export const checkPath = (path: unknown): string => {
  if (typeof path !== 'string') throw invalidPath('must be a string')
  if (path.startsWith('//')) throw invalidPath('must not begin with `//`')
  if (/[\x00-\x1f]/.test(path)) throw invalidPath('has a line break or another control character')
  if (path.includes('\\'))
    throw invalidPath('has a backslash, which is allowed only in the query, encoded as %5C')
  if (path.includes('#'))
    throw invalidPath('has a `#`: encode it as %23, or build the query with `URLSearchParams`')
  if (path.includes(' '))
    throw invalidPath('has a space: encode the query with `URLSearchParams`, or the space as %20')
  // A server that decodes the path twice would leave the API.
  if (/^[^?]*(%2[ef]|%5c)/i.test(path))
    throw invalidPath('has an encoded `.`, `/` or `\\`, which is allowed only in the query')
  if (/^[^?]*;/.test(path)) throw invalidPath('has a semicolon, which is allowed only in the query')
  return path
}

const allowedPaths =
  'Use a path of the v2 API such as `Candidates?per_page=50`, a path from `/recruit/` on, or a ' +
  "URL at one of the connection's own servers."

const invalidPath = (problem: string, hint = allowedPaths): RecruitOAuthError =>
  invalidArgument('path', problem, hint)
