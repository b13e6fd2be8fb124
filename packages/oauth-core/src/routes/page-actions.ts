import type { Configuration } from '../config/configure.ts'
import type { PageAction, RouteName } from '../config/host.ts'
import type { RecruitOAuthError } from '../errors/recruit-oauth-error.ts'
import { queryOf } from '../config/return-to.ts'
import { signInUrl, startAgainUrl, type Target } from './addresses.ts'

export const link = (type: PageAction['type'], label: string, href: string): PageAction => ({
  type,
  label,
  href,
  method: 'GET',
})

export const backToApp = ({ defaultReturnTo }: Configuration): PageAction =>
  link('back', 'Back to the app', defaultReturnTo)

/** What the user can do on the page of an error. The last action leads back to the app. */
export const actionsFor = (
  config: Configuration,
  route: RouteName,
  error: RecruitOAuthError,
  target: Target,
): readonly PageAction[] => [...waysOut(config, route, error, target), backToApp(config)]

const waysOut = (
  config: Configuration,
  route: RouteName,
  { code, remedy }: RecruitOAuthError,
  target: Target,
): readonly PageAction[] => {
  const connect = startAgainUrl(config, target)
  const isRoute = route === 'connect' || route === 'callback'
  if (code === 'account-switched') {
    const query = queryOf({ returnTo: connect })
    return [
      link('start', 'Choose the other account', connect),
      {
        type: 'disconnect',
        label: 'Disconnect, and use this account',
        href: `${config.publicPath}/disconnect?${query}`,
        method: 'POST',
      },
    ]
  }
  if (code === 'principal-missing') {
    const signIn = signInUrl(config, isRoute ? connect : target.here)
    return signIn === undefined ? [] : [link('sign-in', 'Sign in', signIn)]
  }
  if (code === 'host-mismatch') {
    const atOwnHost = new URL(connect, config.appOrigin).href
    return [link('start', `Continue at ${config.appOrigin}`, atOwnHost)]
  }
  if (remedy === 'ask-consent')
    return [link('start', isRoute ? 'Start again' : 'Connect Zoho Recruit', connect)]
  if (remedy !== 'retry') return []
  if (isRoute) return [link('start', 'Try again', connect)]
  if (route === 'disconnect')
    return [
      {
        type: 'retry',
        label: 'Try again',
        href: `${config.publicPath}/disconnect`,
        method: 'POST',
      },
    ]
  return target.here === undefined ? [] : [link('retry', 'Try again', target.here)]
}
