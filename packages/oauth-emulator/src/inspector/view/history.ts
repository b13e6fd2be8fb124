import type { Blocked, Called, JournalEntry, NamedToken } from '../../journal/entry.ts'
import { element, type InspectorElement, type InspectorNode } from '../element.ts'
import type { Snapshot } from '../snapshot.ts'
import { panel, code } from './parts.ts'
import { tokenLabel, timeOfDay, tokenTypes } from './format.ts'

/** The number of entries on the page. */
const shownEntries = 60

/** The journal, newest first. */
export function history({ journal, calls }: Snapshot): InspectorElement {
  const counts =
    `Token ${calls.token} · Revocation ${calls.revoke} · Consent ${calls.authorize} · API ` +
    `${calls.api}`
  const entries = journal.slice(0, shownEntries)
  const list = element('ol', { class: 'entries', 'aria-label': 'Newest first' }, entries.map(row))
  const none = element('p', { class: 'none' }, 'Nothing yet. Calls appear here as they come in.')
  return panel(
    'history',
    'What happened',
    element('small', { class: 'counts' }, counts),
    entries.length === 0 ? none : list,
  )
}

function row(entry: JournalEntry): InspectorElement {
  const { look, text, outcome = [] } = describeEntry(entry)
  return element(
    'li',
    { class: look, 'data-key': `${entry.sequence}` },
    element('time', {}, timeOfDay(entry.at)),
    element('span', { class: 'place' }, entry.dataCenter),
    element('p', {}, ...text),
    element('span', { class: 'outcome' }, ...outcome),
  )
}

interface EntryView {
  /** The CSS class of the row. */
  readonly look: string
  readonly text: readonly InspectorNode[]
  readonly outcome?: readonly InspectorNode[]
}

function describeEntry(entry: JournalEntry): EntryView {
  switch (entry.event) {
    case 'called':
      return describeCall(entry)
    case 'issued': {
      const from =
        entry.refreshToken === null ? [] : [' from ', code(tokenLabel(entry.refreshToken))]
      return { look: 'issued', text: [...tokenName(entry), ' issued', ...from, owner(entry)] }
    }
    case 'evicted': {
      const limit =
        entry.limit === 'liveAccessTokens'
          ? 'too many valid access tokens'
          : 'too many valid refresh tokens'
      return {
        look: 'alarm',
        text: [...tokenName(entry), ` evicted: ${limit}`],
        outcome: [pill('evicted', 'bad')],
      }
    }
    case 'revoked':
      return {
        look: 'ended',
        text: [...tokenName(entry), ` revoked by ${revokers[entry.by]}`, owner(entry)],
      }
    case 'blocked':
      return {
        look: 'alarm',
        text: [...describeBudget(entry), ` no more until ${timeOfDay(entry.until)}`],
        outcome: [pill('throttled', 'bad')],
      }
  }
}

function tokenName({ tokenType, token }: NamedToken): InspectorNode[] {
  return [tokenTypes[tokenType], ' ', code(tokenLabel(token))]
}

/** The user of a token. */
function owner({ user }: NamedToken): InspectorNode {
  return element('small', {}, user)
}

const revokers = {
  client: 'the client',
  user: 'the user, in Zoho’s settings',
  test: 'you, through the emulator',
} as const

function describeBudget({ budget, refreshToken, user }: Blocked): InspectorNode[] {
  if (budget === 'accessTokenBudget')
    return ['Too many token requests with ', code(tokenLabel(refreshToken ?? '')), ':']
  return [
    budget === 'refreshTokenBudget'
      ? `Too many refresh tokens of ${user}:`
      : 'Too many authorization codes for this client:',
  ]
}

/** Servers that the path alone does not show. */
const serverNotes: Readonly<Partial<Record<Called['server'], string>>> = {
  apiDomain: 'at the API domain',
  uploadServer: 'at the upload server',
  sandboxApi: 'in the sandbox',
}

function describeCall(call: Called): EntryView {
  const { method, path, grantType, server, status, response, fault } = call
  const grant = grantType === null ? '' : grantType.replaceAll('_', ' ')
  const detail = serverNotes[server] ?? grant
  const outcome = status === null ? response : `${status} ${response}`
  return {
    look: 'call',
    text: [code(`${method} ${path}`), detail === '' ? '' : element('small', {}, detail)],
    outcome: [
      ...(fault === null ? [] : [pill(`fault: ${fault}`, 'fault')]),
      pill(outcome, moodOf(call)),
    ],
  }
}

/** The CSS class for the response to a call. */
function moodOf({ status, response }: Called): 'open' | 'good' | 'bad' {
  if (response === 'waiting') return 'open'
  const isSuccess = response === 'ok' || response === 'page' || response === 'redirect'
  return isSuccess && status !== null && status < 400 ? 'good' : 'bad'
}

function pill(text: string, mood: string): InspectorElement {
  return element('span', { class: `pill ${mood}` }, text)
}
