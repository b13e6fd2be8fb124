import { errorCodes } from '../errors/codes.ts'
import type { RecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import type { ClientContext } from '../client/context.ts'
import type { RouteName } from '../config/host.ts'
import type { EpochMs } from '../domain/time.ts'
import { isNavigation } from './request.ts'
import { page, respond } from './responses.ts'

/**
 * The response for an error: a page for a navigation, else `application/problem+json` (RFC 9457).
 * It is the same in every framework.
 */
export const problemResponse = (
  { config, repository }: ClientContext,
  request: Request,
  route: RouteName,
  error: RecruitOAuthError,
  extra: {
    readonly headers?: Readonly<Record<string, string>>
    readonly members?: Readonly<Record<string, unknown>>
  } = {},
): Response => {
  const { connection } = error
  config.onEvent({
    type: 'request-refused',
    error,
    route,
    ...(connection !== undefined && { connection }),
  })
  const { status } = errorCodes[error.code]
  const now = repository.clock.now()
  const headers = { ...retryAfter(error.retryAt, now), ...extra.headers }
  const connectPath = `${config.publicPath}/connect`
  const needsConsent = error.remedy === 'ask-consent'
  const title = titleOf(error)
  const detail = detailOf(error)
  if (isNavigation(request)) {
    const link = needsConsent ? { href: connectPath, label: 'Start again' } : undefined
    return page({ status, title, text: detail, link, code: error.code }, headers)
  }
  const body = {
    title,
    status,
    detail,
    code: error.code,
    remedy: error.remedy,
    ...(needsConsent && { connect: new URL(connectPath, config.redirectUri).href }),
    ...extra.members,
  }
  return respond(
    status,
    { 'content-type': 'application/problem+json', ...headers },
    JSON.stringify(body),
  )
}

/** `Retry-After` in seconds, at least 1 (RFC 9110, 10.2.3). */
const retryAfter = (
  retryAt: EpochMs | undefined,
  now: EpochMs | undefined,
): Readonly<Record<string, string>> => {
  if (!retryAt || !now) return {}
  const seconds = Math.max(1, Math.ceil((retryAt - now) / 1000))
  return { 'retry-after': String(seconds) }
}

/**
 * Anyone may read the response. For errors of the configuration and the store, it contains only the
 * general sentences of the table, without paths and options.
 */
const detailOf = ({ code, source, message }: RecruitOAuthError): string =>
  source === 'configuration' || source === 'store'
    ? `${errorCodes[code].summary} ${errorCodes[code].hint}`
    : message

const titleOf = ({ remedy }: RecruitOAuthError): string =>
  remedy === 'ask-consent' ? 'Not connected to Zoho Recruit' : 'Zoho Recruit is not available'
