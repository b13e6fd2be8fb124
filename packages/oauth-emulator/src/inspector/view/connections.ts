import { element, type Element } from '../element.ts'
import type { Snapshot } from '../snapshot.ts'
import type { ShownUser } from '../users.ts'
import { bar, budgetGauge, button, card, code, livingGauge } from './parts.ts'
import { countdown, duration, shownToken } from './words.ts'

type RefreshToken = ShownUser['refreshTokens'][number]
type AccessToken = ShownUser['accessTokens'][number]

/**
 * Who gave your client what: living tokens with the time they have left, and the budgets that they
 * spend.
 */
export function connections({ users, now }: Snapshot): Element {
  const end = users.length === 0 ? undefined : button('End all access tokens', 'end-access-tokens')
  return card('connections', 'Connections', end, ...users.map((user) => person(user, now)))
}

function person(user: ShownUser, now: number): Element {
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
      budgetGauge('Refresh tokens made', user.made, now),
      livingGauge('Refresh tokens alive', user.living),
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

function refreshToken(token: RefreshToken, now: number): Element {
  const age = `granted ${duration((now - token.createdAt) / 1000)} ago`
  return element(
    'div',
    { class: 'grant', 'data-key': token.token },
    element('h4', {}, 'Refresh token ', code(shownToken(token.token)), element('small', {}, age)),
    element(
      'p',
      { class: 'scopes' },
      token.scopes.map((scope) => code(scope)),
    ),
    element(
      'div',
      { class: 'gauges' },
      budgetGauge('Token requests', token.requests, now),
      livingGauge('Access tokens alive', token.living),
    ),
    token.accessTokens.length === 0
      ? element('p', { class: 'none' }, 'No access token is alive.')
      : accessTokens(token.accessTokens),
  )
}

function accessTokens(tokens: readonly AccessToken[]): Element {
  return element('ul', { class: 'lives' }, tokens.map(accessToken))
}

/**
 * The bar shrinks as the token ages; the last twelfth of its life, five minutes of an hour, stands
 * out.
 */
function accessToken({ token, secondsLeft, lifeSeconds }: AccessToken): Element {
  const look = secondsLeft * 12 <= lifeSeconds ? 'life low' : 'life'
  return element(
    'li',
    { class: look, 'data-key': token },
    code(shownToken(token)),
    bar(secondsLeft, lifeSeconds, `Access token ${shownToken(token)}: time left`),
    element('span', { class: 'left' }, countdown(secondsLeft)),
  )
}
