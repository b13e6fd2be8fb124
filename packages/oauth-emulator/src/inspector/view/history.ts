import type { Blocked, Called, JournalEntry, NamedToken } from '../../journal/entry.ts'
import { element, type Element, type Piece } from '../element.ts'
import type { Snapshot } from '../snapshot.ts'
import { card, code } from './parts.ts'
import { shownToken, timeOfDay, tokenTypes } from './words.ts'

/** How many entries are shown. */
const shownEntries = 60

/** What happened, the newest first. */
export function history({ journal, calls }: Snapshot): Element {
  const counts =
    `Token ${calls.token} · Revocation ${calls.revoke} · Consent ${calls.authorize} · API ` +
    `${calls.api}`
  const entries = journal.slice(0, shownEntries)
  const list = element(
    'ol',
    { class: 'entries', 'aria-label': 'The newest first' },
    entries.map(row),
  )
  const none = element('p', { class: 'none' }, 'Nothing yet. Calls appear here as they come in.')
  return card(
    'history',
    'What happened',
    element('small', { class: 'counts' }, counts),
    entries.length === 0 ? none : list,
  )
}

function row(entry: JournalEntry): Element {
  const { look, text, outcome = [] } = tell(entry)
  return element(
    'li',
    { class: look, 'data-key': `${entry.sequence}` },
    element('time', {}, timeOfDay(entry.at)),
    element('span', { class: 'place' }, entry.dataCenter),
    element('p', {}, ...text),
    element('span', { class: 'outcome' }, ...outcome),
  )
}

interface Told {
  readonly look: string
  readonly text: readonly Piece[]
  readonly outcome?: readonly Piece[]
}

function tell(entry: JournalEntry): Told {
  switch (entry.event) {
    case 'called':
      return tellCall(entry)
    case 'issued': {
      const from =
        entry.refreshToken === null ? [] : [' from ', code(shownToken(entry.refreshToken))]
      return { look: 'issued', text: [...named(entry), ' issued', ...from, owner(entry)] }
    }
    case 'evicted': {
      const limit =
        entry.limit === 'liveAccessTokens'
          ? 'too many access tokens were alive'
          : 'too many refresh tokens were alive'
      return {
        look: 'alarm',
        text: [...named(entry), ` pushed out: ${limit}`],
        outcome: [pill('evicted', 'bad')],
      }
    }
    case 'revoked':
      return {
        look: 'ended',
        text: [...named(entry), ` revoked by ${revokers[entry.by]}`, owner(entry)],
      }
    case 'blocked':
      return {
        look: 'alarm',
        text: [...budgetInWords(entry), ` no more until ${timeOfDay(entry.until)}`],
        outcome: [pill('throttled', 'bad')],
      }
  }
}

function named({ tokenType, token }: NamedToken): Piece[] {
  return [tokenTypes[tokenType], ' ', code(shownToken(token))]
}

/** Whose token it is. */
function owner({ user }: NamedToken): Piece {
  return element('small', {}, user)
}

const revokers = {
  client: 'the client',
  user: 'the user, in Zoho’s settings',
  test: 'you, through the emulator',
} as const

function budgetInWords({ budget, refreshToken, user }: Blocked): Piece[] {
  if (budget === 'accessTokenBudget')
    return ['Too many token requests with ', code(shownToken(refreshToken ?? '')), ':']
  return [
    budget === 'refreshTokenBudget'
      ? `Too many refresh tokens of ${user}:`
      : 'Too many authorization codes for this client:',
  ]
}

function tellCall({ method, path, grantType, server, status, answer, fault }: Called): Told {
  const kind = grantType === null ? '' : grantType.replaceAll('_', ' ')
  const where = server === 'apiDomain' ? 'at the API domain' : kind
  const good =
    status !== null &&
    status < 400 &&
    (answer === 'ok' || answer === 'page' || answer === 'redirect')
  const judged = good ? 'good' : 'bad'
  const mood = answer === 'waiting' ? 'open' : judged
  const said = status === null ? answer : `${status} ${answer}`
  return {
    look: 'call',
    text: [code(`${method} ${path}`), where === '' ? '' : element('small', {}, where)],
    outcome: [...(fault === null ? [] : [pill(`fault: ${fault}`, 'fault')]), pill(said, mood)],
  }
}

function pill(text: string, mood: string): Element {
  return element('span', { class: `pill ${mood}` }, text)
}
