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
/** The first segment of the paths that Zoho returns, such as a `download_url`. */
const recruitPath = /^\/?recruit(\/|$)/i

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
  if (scheme.test(path)) return absoluteUrl(dataCenter, path)
  const isUpload = server === 'upload'
  const v2Api = isUpload ? uploadApiOf(dataCenter) : dataCenter.recruitApi
  const isFromRoot = path.startsWith('/recruit/')
  if (!isFromRoot && recruitPath.test(path))
    throw invalidPath('must begin with `/recruit/`, or must be relative to the v2 API')
  const base = isFromRoot ? rootOf(v2Api) : `${v2Api}/`
  const url = URL.parse(base + (isFromRoot ? path : path.replace(/^\//, '')))
  const limit = isFromRoot ? `${base}/recruit/` : base
  if (!url?.href.startsWith(limit)) throw invalidPath('leads out of the Recruit API')
  return { href: url.href, isUpload }
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

/** `recruitApi` without `/recruit/v2`. A proxy of the app can have a path before it. */
const rootOf = (recruitApi: string): string =>
  recruitApi.endsWith('/recruit/v2')
    ? recruitApi.slice(0, -'/recruit/v2'.length)
    : new URL(recruitApi).origin

const absoluteUrl = ({ recruitApi, uploadServer }: DataCenter, path: string): RecruitUrl => {
  const url = URL.parse(path)
  const recruitOrigin = new URL(recruitApi).origin
  const allowed = [recruitOrigin, ...(uploadServer === undefined ? [] : [uploadServer])]
  const isAllowed =
    url !== null && allowed.includes(url.origin) && url.username === '' && url.password === ''
  if (!isAllowed)
    throw invalidPath(
      "is a URL of a server that is not the connection's own. Allowed are " +
        `${allowed.join(' and ')}, and paths such as \`Candidates\` and \`/recruit/bulk/v2/read\``,
    )
  return { href: url.href, isUpload: url.origin === uploadServer }
}

/**
 * Refuses a path that a server could read differently from this library.
 * @throws `argument-invalid`, naming the cause
 */
export const checkPath = (path: unknown): string => {
  if (typeof path !== 'string')
    throw invalidPath('must be a string, such as `Candidates` or `/recruit/bulk/v2/read`')
  if (path.startsWith('//')) throw invalidPath('must not begin with `//`')
  if (/[\x00-\x1f]/.test(path)) throw invalidPath('has a line break or another control character')
  if (path.includes('\\')) throw invalidPath('has a backslash: encode it as %5C')
  if (path.includes(' '))
    throw invalidPath('has a space: encode the query with `URLSearchParams`, or the space as %20')
  // A server that decodes the path twice would leave the API.
  if (/^[^?]*(%2[ef]|%5c)/i.test(path))
    throw invalidPath('has an encoded `.`, `/` or `\\` before the query')
  if (/^[^?]*;/.test(path)) throw invalidPath('has a semicolon before the query')
  return path
}

const invalidPath = (problem: string): RecruitOAuthError => invalidArgument('path', problem)
