import { html, type Html } from '@zrecruit-examples/shared-ui/html'
import { errorCodes, type ErrorCode, type ListedConnection } from '@zrecruit/oauth-nestjs'
import type { Tenant } from '../../accounts/tenants.ts'
import { formatTime, isolate, placeOf, statusLabels } from '../labels.ts'

/**
 * A table. A narrow window shows a card for each connection instead of a row. The ARIA roles are
 * explicit, because some browsers drop them when CSS changes the display of a table.
 */
export const connectionsTable = (
  connections: readonly ListedConnection[],
  tenants: readonly Tenant[],
): Html =>
  html`<table role="table" class="connections">
    <caption class="visually-hidden">
      Connections, ordered by their ids
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${['Tenant and connection', ...labels].map(columnHeader)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${connections.map((connection) => row(connection, tenants))}
    </tbody>
  </table>`

const columnHeader = (label: string): Html =>
  html`<th role="columnheader" scope="col">${label}</th>`

const labels = ['Status', 'Zoho account', 'Access token', 'Missing scopes'] as const

const row = (connection: ListedConnection, tenants: readonly Tenant[]): Html =>
  html`<tr role="row">
    <th role="rowheader" scope="row">
      ${tenantLink(connection, tenants)}<code>${connection.id}</code>
    </th>
    ${
      connection.unreadable === undefined
        ? readableCells(connection)
        : unreadableCells(connection, connection.unreadable)
    }
  </tr>`

const tenantLink = ({ principal }: ListedConnection, tenants: readonly Tenant[]): Html => {
  if (principal === undefined) return html`<span class="soft">no tenant</span>`
  const name = tenants.find(({ id }) => id === principal)?.name
  return html`<a href="/admin?${String(new URLSearchParams({ tenant: principal }))}"
      >${name ?? principal}</a
    >${name === undefined ? html`<small>no longer a tenant</small>` : ''}`
}

const cell = (label: (typeof labels)[number], content: Html | undefined): Html =>
  content === undefined
    ? html`<td role="cell" class="blank soft">–</td>`
    : html`<td role="cell" data-label="${label}">${content}</td>`

const readableCells = (connection: ListedConnection): Html => {
  const { status, since, accessToken, missingScopes } = connection
  const sinceText = since === undefined ? '' : html`<small>since ${formatTime(since)}</small>`
  const badge = html`<span class="badge ${status}">${statusLabels[status]}</span>`
  return html`${cell('Status', html`${badge}${sinceText}${hint(status)}`)}
  ${cell('Zoho account', account(connection))}
  ${cell('Access token', accessToken && freshness(accessToken))}
  ${cell('Missing scopes', missingScopesList(status, missingScopes))}`
}

const account = ({ identity, dataCenter }: ListedConnection): Html => {
  const organization =
    identity?.organizationName === undefined
      ? html`<span class="soft">unknown</span>`
      : isolate(identity.organizationName)
  return html`${organization}
  ${identity?.userName === undefined ? '' : html`<small>as ${isolate(identity.userName)}</small>`}
  ${dataCenter === undefined ? '' : html`<small>${placeOf(dataCenter)}</small>`}`
}

const missingScopesList = (
  status: ListedConnection['status'],
  scopes: ListedConnection['missingScopes'],
): Html | undefined => {
  if (status !== 'active' && status !== 'needs-consent') return undefined
  if (scopes.length === 0) return html`None`
  return html`${scopes.map((scope) => html`<code>${scope}</code>`)}`
}

const hint = (status: ListedConnection['status']): Html => {
  if (status === 'revoking')
    return html`<p class="hint">
      Shortlist no longer uses it. Zoho has not confirmed the revocation yet; Shortlist tries again
      automatically.
    </p>`
  if (status === 'needs-consent')
    return html`<p class="hint">
      Zoho no longer accepts the refresh token. The tenant must connect again.
    </p>`
  return html``
}

const freshness = ({
  freshness: state,
  expiresInMs,
}: NonNullable<ListedConnection['accessToken']>): Html => {
  const left =
    expiresInMs < 60_000
      ? 'less than a minute left'
      : `${Math.floor(expiresInMs / 60_000)} min left`
  if (state === 'stale') return html`Stale<small>the next call refreshes it first</small>`
  return html`${state === 'fresh' ? 'Fresh' : 'Due'},
  ${left}${state === 'due' ? html`<small>the next call refreshes it afterwards</small>` : ''}`
}

const hints: Readonly<Partial<Record<ErrorCode, string>>> = {
  'key-unknown':
    'The record needs a key that ZOHO_ENCRYPTION_KEY does not have. Add that key behind the ' +
    'current one, or forget the connection.',
  'record-unreadable':
    'The row was altered, or moved from another connection. Restore it from a backup, or ' +
    'forget the connection.',
}

/**
 * A record that could not be read. Only the store's unencrypted fields are known. If the error is
 * temporary, there is no button to forget the record.
 */
const unreadableCells = ({ id, dataCenter }: ListedConnection, code: ErrorCode): Html =>
  html`<td role="cell" data-label="Status">
      <span class="badge unreadable">Unreadable</span
      ><small>${dataCenter === undefined ? '' : placeOf(dataCenter)}</small>
    </td>
    <td role="cell" colspan="3" data-label="What to do">
      <p>${hints[code] ?? `${errorCodes[code].summary} ${errorCodes[code].hint}`}</p>
      ${hints[code] === undefined ? '' : forgetForm(id)}
    </td>`

const forgetForm = (id: string): Html =>
  html`<details class="confirm">
    <summary>Forget it …</summary>
    <form method="post">
      <p>
        The record is removed, and the tenant must connect again. The consent at Zoho remains valid
        until the customer revokes it there.
      </p>
      <button class="button bad" name="forget" value="${id}">
        Forget <span class="visually-hidden">${id}</span> now
      </button>
    </form>
  </details>`
