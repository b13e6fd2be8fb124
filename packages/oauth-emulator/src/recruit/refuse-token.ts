import { json } from '../http/responses.ts'
import type { Settings } from '../settings/settings.ts'

const messages = {
  INVALID_TOKEN: 'invalid oauth token',
  INVALID_OAUTHTOKEN: 'invalid oauth token',
  AUTHENTICATION_FAILURE: 'Authentication failed',
} as const

/**
 * The response to an invalid or missing access token. The bodies with `INVALID_TOKEN` and
 * `AUTHENTICATION_FAILURE` and the status 401 are observed.
 */
export function refuseToken(code: keyof typeof messages, status = 401): Response {
  return json(errorOf(code), status)
}

function errorOf(code: keyof typeof messages) {
  return { code, message: messages[code], status: 'error' }
}

/** The response to an expired or unknown access token, in the form of the setting. */
export function refuseExpiredToken(form: Settings['expiredTokenResponse']): Response {
  switch (form) {
    case 'INVALID_TOKEN':
    case 'INVALID_OAUTHTOKEN':
      return refuseToken(form)
    case 'data-list':
      return json({ data: [errorOf('INVALID_TOKEN')] }, 401)
    case 'status-200':
      return refuseToken('INVALID_TOKEN', 200)
    case 'status-400':
      return refuseToken('INVALID_TOKEN', 400)
    case 'xml-4834':
      return invalidTicket()
  }
}

/** The form of the older API, which answered errors with status 200. */
function invalidTicket(): Response {
  const body =
    '<?xml version="1.0" encoding="UTF-8" ?>\n' +
    '<response><error><code>4834</code><message>Invalid Ticket Id</message></error></response>\n'
  const headers = { 'content-type': 'text/xml;charset=UTF-8', 'cache-control': 'no-store' }
  return new Response(body, { headers })
}
