import { json } from '../http/responses.ts'

const messages = {
  INVALID_TOKEN: 'invalid oauth token',
  AUTHENTICATION_FAILURE: 'Authentication failed',
} as const

/** The 401 for an invalid or missing access token. The bodies are observed. */
export function refuseToken(code: keyof typeof messages): Response {
  return json({ code, message: messages[code], status: 'error' }, 401)
}
