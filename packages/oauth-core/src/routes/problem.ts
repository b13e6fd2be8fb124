import { errorCodes } from '../errors/codes.ts'
import type { RecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import type { ClientContext } from '../client/context.ts'
import { page } from './pages.ts'
import { isNavigation, respond } from './responses.ts'

/**
 * An error as an answer: a page for a person, `application/problem+json` (RFC 9457) for a program.
 * The same bytes in every framework.
 */
export const problemResponse = (
  { config, repository }: ClientContext,
  request: Request,
  error: RecruitOAuthError,
  more: {
    readonly headers?: Readonly<Record<string, string>>
    readonly members?: Readonly<Record<string, unknown>>
  } = {},
): Response => {
  config.onEvent({ type: 'request-refused', error })
  const { status } = errorCodes[error.code]
  const now = repository.clock.now()
  const wait = error.retryAt && now ? Math.max(1, Math.ceil((error.retryAt - now) / 1000)) : 0
  const headers = { ...(wait && { 'retry-after': String(wait) }), ...more.headers }
  const connect = `${config.publicPath}/connect`
  if (isNavigation(request)) {
    const link =
      error.remedy === 'ask-consent' ? { href: connect, label: 'Start again' } : undefined
    return page(
      { status, title: titleOf(error), text: detailOf(error), link, code: error.code },
      headers,
    )
  }
  const asksConsent = error.remedy === 'ask-consent' && {
    connect: new URL(connect, config.redirectUri).href,
  }
  const body = {
    title: titleOf(error),
    status,
    detail: detailOf(error),
    code: error.code,
    remedy: error.remedy,
    ...asksConsent,
    ...more.members,
  }
  return respond(
    status,
    { 'content-type': 'application/problem+json', ...headers },
    JSON.stringify(body),
  )
}

/**
 * A stranger may read this: of the app's configuration and store it gets the table's sentences,
 * without paths or options.
 */
const detailOf = ({ code, source, message }: RecruitOAuthError): string =>
  source === 'configuration' || source === 'store'
    ? `${errorCodes[code].summary} ${errorCodes[code].hint}`
    : message

const titleOf = ({ remedy }: RecruitOAuthError): string =>
  remedy === 'ask-consent' ? 'Not connected to Zoho Recruit' : 'Zoho Recruit is not available'
