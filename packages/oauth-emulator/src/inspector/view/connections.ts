import { element, type InspectorElement } from '../element.ts'
import type { Snapshot } from '../snapshot.ts'
import type { UserView } from '../users.ts'
import { bar, budgetGauge, button, panel, code, validTokensGauge } from './parts.ts'
import { countdown, duration, tokenLabel } from './format.ts'

type RefreshToken = UserView['refreshTokens'][number]
type AccessToken = UserView['accessTokens'][number]

/** The users who connected: their valid tokens with the remaining time, and the used budgets. */
export function connections({ users, now }: Snapshot): InspectorElement {
  const endButton =
    users.length === 0 ? undefined : button('End all access tokens', 'end-access-tokens')
  return panel('connections', 'Connections', endButton, ...users.map((user) => person(user, now)))
}

function person(user: UserView, now: number): InspectorElement {
  const initials = user.name.split(' ').map((word) => word.slice(0, 1))
  return element(
    'article',
    { class: 'person', 'data-key': `user-${user.user}` },
    element(
      'header',
      {},
      element('span', { class: 'tile', 'aria-hidden': 'true' }, initials.join('')),
      element(
        'div',
        { class: 'who' },
        element('h3', {}, user.name),
        element('small', {}, `${user.organization} · ${user.dataCenter}`),
      ),
      button('Revoke as the user', 'revoke', { account: user.user }),
    ),
    element(
      'div',
      { class: 'gauges' },
      budgetGauge('Refresh tokens issued', user.refreshTokenBudget, now),
      validTokensGauge('Valid refresh tokens', user.refreshTokenCount),
    ),
    user.refreshTokens.map((token) => refreshToken(token, now)),
    user.accessTokens.length > 0 &&
      element(
        'div',
        { class: 'grant', 'data-key': 'online' },
        element('h4', {}, 'Without a refresh token'),
        accessTokens(user.accessTokens),
      ),
  )
}

function refreshToken(token: RefreshToken, now: number): InspectorElement {
  const place = token.environment === 'sandbox' ? ' in the sandbox' : ''
  const age = `granted ${duration((now - token.createdAt) / 1000)} ago${place}`
  return element(
    'div',
    { class: 'grant', 'data-key': token.token },
    element('h4', {}, 'Refresh token ', code(tokenLabel(token.token)), element('small', {}, age)),
    element(
      'p',
      { class: 'scopes' },
      token.scopes.map((scope) => code(scope)),
    ),
    element(
      'div',
      { class: 'gauges' },
      budgetGauge('Token requests', token.accessTokenBudget, now),
      validTokensGauge('Valid access tokens', token.accessTokenCount),
    ),
    token.accessTokens.length === 0
      ? element('p', { class: 'none' }, 'There is no valid access token.')
      : accessTokens(token.accessTokens),
  )
}

function accessTokens(tokens: readonly AccessToken[]): InspectorElement {
  return element('ul', { class: 'access-tokens' }, tokens.map(accessToken))
}

/**
 * The bar shrinks while the token ages. The bar is highlighted in the last twelfth of the lifetime:
 * five minutes of an hour.
 */
function accessToken({ token, secondsLeft, lifeSeconds }: AccessToken): InspectorElement {
  const look = secondsLeft * 12 <= lifeSeconds ? 'life low' : 'life'
  return element(
    'li',
    { class: look, 'data-key': token },
    code(tokenLabel(token)),
    bar(secondsLeft, lifeSeconds, `Access token ${tokenLabel(token)}: time left`),
    element('span', { class: 'left' }, countdown(secondsLeft)),
  )
}
