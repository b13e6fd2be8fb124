import type { ErrorSource } from '../errors/codes.ts'
import type { RecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import type { OnEvent } from './host.ts'

/** Errors that a developer has to correct, or should know of. */
const loggedSources = new Set<ErrorSource>(['configuration', 'store', 'network', 'zoho'])

/**
 * The default of `onEvent`. It writes to the console: responses for errors of the configuration,
 * the store, the network and Zoho; failed refreshes; and accounts that could not be read. To
 * combine it with an own listener:
 *
 * ```ts
 * onEvent: (event) => {
 *   consoleListener(event)
 *   metrics.count(event.type)
 * }
 * ```
 */
export const consoleListener: OnEvent = (event) => {
  switch (event.type) {
    case 'request-refused':
      if (loggedSources.has(event.error.source))
        console.error(
          `[zrecruit] ${event.error.message} (${describeError(event.error)}, ` +
            `route ${event.route})`,
        )
      return
    case 'refresh-failed':
      console.warn(
        `[zrecruit] A refresh failed: ${event.code}` +
          `${event.zohoError === undefined ? '' : `, Zoho: ${event.zohoError}`} ` +
          `(connection ${event.connection})`,
      )
      return
    case 'identity-incomplete': {
      const requests = event.failures.map(
        ({ request, zohoStatus = 'no response' }) => `${request}: ${zohoStatus}`,
      )
      console.warn(
        `[zrecruit] Zoho gave no id of the account (${requests.join(', ')}; connection ` +
          `${event.connection}, data center ${event.dataCenter})`,
      )
      return
    }
    default:
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
