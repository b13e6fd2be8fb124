import { describeFailure } from '../domain/identity.ts'
import type { ErrorSource } from '../errors/codes.ts'
import { errorKindOf } from '../errors/foreign-error.ts'
import type { RecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import type { OnEvent, RecruitOAuthEvent } from './host.ts'

/**
 * The sources of errors that are logged. Those of users and visitors are not, and neither are those
 * of the app's own calls, which any visitor can cause (`?returnTo=…`).
 */
const loggedSources = new Set<ErrorSource>(['configuration', 'store', 'network', 'zoho'])

/**
 * The default of `onEvent`. It writes to the console:
 * - responses for errors of the configuration, the store, the network and Zoho (`console.error`);
 * - failed refreshes, failures of the store, accounts that could be read only in part, and many
 *   refresh tokens of one connection (`console.warn`).
 *
 * To combine it with an own listener:
 *
 * ```ts
 * onEvent: (event) => {
 *   consoleListener(event)
 *   metrics.count(event.type)
 * }
 * ```
 */
export const consoleListener: OnEvent = (event) => {
  if (event.type === 'request-refused') {
    const { error, route } = event
    if (loggedSources.has(error.source))
      console.error(`[zrecruit] ${error.message} (${describeError(error)}, route ${route})`)
    return
  }
  const warning = warningOf(event)
  if (warning === undefined) return
  const connection =
    'connection' in event && event.connection !== undefined
      ? ` (connection ${event.connection})`
      : ''
  console.warn(`[zrecruit] ${warning}${connection}`)
}

const warningOf = (event: RecruitOAuthEvent): string | undefined => {
  switch (event.type) {
    case 'refresh-failed': {
      const { code, dataCenter, zohoError } = event
      const word = zohoError === undefined ? '' : `, Zoho: ${zohoError}`
      return `A refresh failed: ${code}${word}; data center ${dataCenter}.`
    }
    case 'identity-incomplete':
      return (
        'The Zoho account could be read only in part: ' +
        `${event.failures.map(describeFailure).join(', ')}; data center ${event.dataCenter}.`
      )
    case 'render-page-failed':
      return 'The option `renderPage` failed, and the default page was sent.'
    case 'store-failed': {
      const kind = errorKindOf(event.dangerousCause)
      return `The store failed to ${event.doing}${kind === undefined ? '' : `: ${kind}`}.`
    }
    case 'save-failed':
      return 'A token set could not be stored. It is served from memory.'
    case 'refresh-tokens-piling':
      return (
        `This connection has ${event.refreshTokens} refresh tokens at Zoho. The twenty-first one ` +
        'of a user ends the first one.'
      )
    default:
      return undefined
  }
}

/** The code, and the properties of the error that are known. */
const describeError = (error: RecruitOAuthError): string => {
  const { code, connection, dataCenter, zohoStatus, zohoError, accountsServer } = error
  const details = [
    ['connection', connection],
    ['data center', dataCenter],
    ['Zoho', zohoError],
    ['status', zohoStatus],
    ['accounts server', accountsServer],
  ]
  const known = details.filter(([, value]) => value !== undefined)
  return [code, ...known.map(([name, value]) => `${name} ${value}`)].join(', ')
}
