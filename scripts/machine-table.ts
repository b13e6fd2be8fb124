// The table of ARCHITECTURE.md: what every event does in every status, by asking the machine
// itself.
//   node scripts/machine-table.ts            prints it
//   node scripts/machine-table.ts --write    puts it between the markers of ARCHITECTURE.md
//   node scripts/machine-table.ts --check    fails when ARCHITECTURE.md says something else
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  noRecord,
  type ConnectionRecord,
  type Status,
  type TokenSet,
} from '../packages/oauth-core/src/domain/record.ts'
import { Secret } from '../packages/oauth-core/src/domain/secret.ts'
import type { Decision } from '../packages/oauth-core/src/machine/decision.ts'
import { eventTypes, type ConnectionEvent } from '../packages/oauth-core/src/machine/events.ts'
import { transition } from '../packages/oauth-core/src/machine/transition.ts'

const now = 1_790_000_000_000
const hour = 3_600_000

const tokens = (refreshTokenId: string, expiresAt = now + hour): TokenSet => ({
  dataCenter: 'eu',
  scopes: ['ZohoRecruit.modules.READ'],
  refreshToken: new Secret(''),
  refreshTokenId,
  accessToken: { id: 'a1', token: new Secret(''), issuedAt: expiresAt - hour, expiresAt },
})

const records: Record<Status, ConnectionRecord> = {
  none: noRecord,
  active: { ...noRecord, status: 'active', tokens: tokens('r1') },
  'needs-consent': { ...noRecord, status: 'needs-consent', tokens: tokens('r1') },
  revoking: { ...noRecord, status: 'revoking', tokens: tokens('r1') },
  revoked: { ...noRecord, status: 'revoked' },
}

const stale: Partial<ConnectionRecord> = { tokens: tokens('r1', now) }
const leased: Partial<ConnectionRecord> = { ...stale, lease: { holder: 'h1', until: now + 1_000 } }
const attempted: Partial<ConnectionRecord> = { attempts: [{ state: 's1', at: now }] }
const outcome = { holder: 'h1', refreshTokenId: 'r1', calls: 1 }
const accessToken = { id: 'a2', token: new Secret(''), issuedAt: now, expiresAt: now + hour }

/**
 * One line of the table: an event, the situation it meets, and the facts that make the situation.
 */
type Line = readonly [
  situation: string,
  event: ConnectionEvent,
  facts?: Partial<ConnectionRecord>,
  everywhere?: 'everywhere',
]

const lines: readonly Line[] = [
  ['', { type: 'exchangeStarted', state: 's1', principal: 'p' }],
  [
    'callback used before',
    { type: 'exchangeStarted', state: 's1', principal: 'p' },
    attempted,
    'everywhere',
  ],
  [
    '',
    { type: 'granted', state: 's1', principal: 'p', tokens: tokens('r2'), requestedScopes: [] },
    attempted,
    'everywhere',
  ],
  ['', { type: 'attemptFailed', state: 's1', code: 'code-rejected' }, attempted, 'everywhere'],
  [
    'the exchange was overtaken by a revocation',
    { type: 'granted', state: 's1', principal: 'p', tokens: tokens('r2'), requestedScopes: [] },
    { attempts: [{ state: 's1', at: now, outcome: 'failed' }] },
    'everywhere',
  ],
  ['', { type: 'grantAbandoned', state: 's1', tokens: tokens('r2') }, attempted, 'everywhere'],
  ['token fresh', { type: 'refreshRequested', holder: 'h1' }],
  ['token stale', { type: 'refreshRequested', holder: 'h1' }, stale],
  ['another holds the lease', { type: 'refreshRequested', holder: 'h2' }, leased],
  [
    'an endpoint refused the token',
    { type: 'refreshRequested', holder: 'h1', rejectedTokenId: 'a1', endpoint: 'e1' },
  ],
  [
    'the same endpoint again',
    { type: 'refreshRequested', holder: 'h1', rejectedTokenId: 'a1', endpoint: 'e1' },
    { rejections: [{ endpoint: 'e1', at: now }] },
  ],
  [
    'an endpoint refused a former token',
    { type: 'refreshRequested', holder: 'h1', rejectedTokenId: 'a0', endpoint: 'e1' },
  ],
  ['by the holder', { type: 'refreshed', ...outcome, accessToken }, leased],
  [
    'by the holder',
    { type: 'refreshFailed', ...outcome, code: 'accounts-server-unavailable' },
    leased,
  ],
  ['by the holder', { type: 'refreshThrottled', ...outcome }, leased],
  ['by the holder', { type: 'refreshRefused', ...outcome }, leased],
  ['of a former refresh token', { type: 'refreshRefused', ...outcome, refreshTokenId: 'r0' }],
  ['by the holder', { type: 'leaseReleased', holder: 'h1' }, leased],
  ['', { type: 'identified', refreshTokenId: 'r1', identity: { organizationId: 'o1' } }],
  ['', { type: 'scopesGranted', refreshTokenId: 'r1', scopes: ['ZohoRecruit.org.READ'] }],
  ['', { type: 'imported', principal: 'p', tokens: tokens('r2') }],
  ['', { type: 'reencryptionRequested' }],
  ['', { type: 'recoveryRequested' }],
  [
    'an exchange died',
    { type: 'recoveryRequested' },
    { attempts: [{ state: 's1', at: now - 21_000 }] },
    'everywhere',
  ],
  ['', { type: 'revokeRequested' }],
  ['', { type: 'revocationCheckStarted', refreshTokenId: 'r1' }],
  ['', { type: 'revocationConfirmed', refreshTokenId: 'r1' }],
  ['', { type: 'revocationFailed', refreshTokenId: 'r1', code: 'accounts-server-unavailable' }],
  ['', { type: 'forgotten' }],
]

/** What each decision orders; `proceed` means something else for two of the events. */
const decisions = {
  refresh: 'call the token endpoint',
  serve: 'serve',
  wait: 'wait',
  revoke: 'call the revocation endpoint',
} as const

const proceeds: Partial<Record<ConnectionEvent['type'], string>> = {
  exchangeStarted: 'exchange the code',
  revocationCheckStarted: 'check the refresh token at the token endpoint',
}

const ordersOf = (event: ConnectionEvent, decision: Decision, isChanged: boolean): string[] => {
  if (decision.type === 'refuse') return [`refuse \`${decision.code}\``]
  if (decision.type !== 'proceed') {
    const refusal = decision.type === 'revoke' && decision.refusal
    return refusal
      ? [decisions[decision.type], `refuse \`${refusal.code}\``]
      : [decisions[decision.type]]
  }
  const order = isChanged ? proceeds[event.type] : undefined
  return order === undefined ? [] : [order]
}

const cell = (status: Status, [, event, facts, everywhere]: Line): string => {
  const before = { ...records[status], ...((status === 'active' || everywhere) && facts) }
  const { record: after, decision, announcements } = transition(before, event, now)
  const orders = ordersOf(event, decision, after !== before)
  if (after === before && orders.length === 0 && announcements.length === 0) return '–'
  const becomes = after.status === before.status ? [] : [`**→ ${after.status}**`]
  const does = [...becomes, ...orders, ...announcements.map(({ type }) => `announce ${type}`)]
  return does.length > 0 ? does.join(' · ') : 'noted'
}

const statuses = Object.keys(records) as Status[]
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

const missing = eventTypes.filter((type) => !lines.some(([, event]) => event.type === type))
if (missing.length > 0)
  throw new Error(`scripts/machine-table.ts has no line for: ${missing.join(', ')}`)

const table = [
  row(['event', ...statuses]),
  row(['---', ...statuses.map(() => '---')]),
  ...lines.map((line) =>
    row([
      `\`${line[1].type}\`${line[0] && `, ${line[0]}`}`,
      ...statuses.map((status) => cell(status, line)),
    ]),
  ),
  '',
  '**→** the status changes; *noted*: the record changes and nothing is ordered; –: nothing ' +
    'changes.',
].join('\n')

const [begin, end] = ['<!-- machine-table:begin -->', '<!-- machine-table:end -->']
const file = fileURLToPath(new URL('../ARCHITECTURE.md', import.meta.url))

const fail = (message: string): never => {
  console.error(message)
  process.exit(1)
}

const page = (): { text: string; wanted: string } => {
  if (!existsSync(file))
    return fail(
      'ARCHITECTURE.md does not exist yet: write it first, with the markers where the table ' +
        'belongs.',
    )
  const text = readFileSync(file, 'utf8')
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from)
    return fail(`ARCHITECTURE.md lacks the markers ${begin} and ${end}, in this order.`)
  return { text, wanted: `${text.slice(0, from + begin.length)}\n${table}\n${text.slice(to)}` }
}

const [command] = process.argv.slice(2)
if (command === undefined) console.log(table)
else if (command === '--write') writeFileSync(file, page().wanted)
else if (command === '--check') {
  const { text, wanted } = page()
  if (text !== wanted)
    fail(
      'The table in ARCHITECTURE.md is not what the machine does: run `pnpm exec node ' +
        'scripts/machine-table.ts --write`.',
    )
} else fail(`Unknown option ${command}: --write, --check, or none.`)
