import type { RenderPage } from './host.ts'
import { invalidOption } from './invalid-option.ts'
import type { RecruitOAuthOptions } from './options.ts'
import { parseReturnTo, type ReturnToRule } from './return-to.ts'
import { parseOrigin } from './urls.ts'

/** The options about pages, addresses and cookies, after all checks. */
export interface PageConfiguration extends ReturnToRule {
  readonly defaultReturnTo: string
  readonly signIn: string | undefined
  readonly failureReturnTo: string | undefined
  readonly renderPage: RenderPage | undefined
  readonly connectTickets: boolean
  readonly cookieName: string | undefined
  /** Are cookies `Secure`? Browsers refuse such cookies over http. */
  readonly hasSecureCookies: boolean
}

/** @throws `configuration-invalid` */
export const parsePages = <Context>(
  options: RecruitOAuthOptions<Context>,
  redirectUri: string,
): PageConfiguration => {
  const appOrigin = new URL(redirectUri).origin
  const rule = { appOrigin, trustedOrigins: parseTrustedOrigins(options.trustedOrigins) }
  const parseAddress = (name: 'defaultReturnTo' | 'signIn' | 'failureReturnTo', value: unknown) => {
    const parsed = parseReturnTo(value, rule)
    if ('problem' in parsed) throw invalidOption(name, parsed.problem)
    return parsed.returnTo
  }
  const parseOptional = (name: 'signIn' | 'failureReturnTo') =>
    options[name] === undefined ? undefined : parseAddress(name, options[name])
  const { connectTickets = false, renderPage } = options
  if (typeof connectTickets !== 'boolean')
    throw invalidOption('connectTickets', 'must be `true` or `false`')
  const hasSecureCookies = redirectUri.startsWith('https:')
  const cookieName = parseCookieName(options.cookieName, hasSecureCookies)
  // With a ticket, the cookie alone can identify the user.
  const canBePlanted = cookieName !== undefined && !cookieName.startsWith('__Host-')
  if (connectTickets && canBePlanted && hasSecureCookies)
    throw invalidOption(
      'cookieName',
      'must begin with `__Host-` if `connectTickets` is set: other hosts of the same domain can ' +
        'set other cookies',
    )
  return {
    ...rule,
    defaultReturnTo: parseAddress('defaultReturnTo', options.defaultReturnTo ?? '/'),
    signIn: parseOptional('signIn'),
    failureReturnTo: parseOptional('failureReturnTo'),
    renderPage,
    connectTickets,
    cookieName,
    hasSecureCookies,
  }
}

const parseTrustedOrigins = (value: unknown): readonly string[] => {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw invalidOption('trustedOrigins', 'must be a list of origins')
  return value.map((entry: unknown) => {
    const origin = parseOrigin(entry)
    if (origin === undefined)
      throw invalidOption(
        'trustedOrigins',
        'has an entry that is not an origin such as `https://app.example.com` (http for a ' +
          'loopback host), without a path',
      )
    return origin
  })
}

/** A name as RFC 6265, 4.1.1 allows it. */
const parseCookieName = (value: unknown, hasSecureCookies: boolean): string | undefined => {
  if (value === undefined) return undefined
  if (typeof value !== 'string' || !/^[\w!#$%&'*+.^`|~-]{1,64}$/.test(value))
    throw invalidOption(
      'cookieName',
      "must have 1 to 64 characters of letters, digits and !#$%&'*+-.^_`|~",
    )
  if (/^__(host|secure)-/i.test(value) && !hasSecureCookies)
    throw invalidOption('cookieName', 'has a prefix for which browsers need https')
  return value
}
