import { html, type Html } from '@zrecruit-examples/shared-ui/html'
import { errorCodes, type ErrorCode, type ListedConnection } from '@zrecruit/oauth-nestjs'
import type { Tenant } from '../../accounts/tenants.ts'
import { instant, placeOf, statusWords, told } from '../words.ts'

/**
 * A table; in a narrow window, a card for each connection. The ARIA roles are explicit, because
 * some browsers drop them when CSS changes the display of a table.
 */
export const table = (connections: readonly ListedConnection[], tenants: readonly Tenant[]): Html =>
  html`<table role="table" class="connections">
    <caption class="unseen">
      Connections, ordered by their ids
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${['Tenant and connection', ...labels].map((label) => html`<th role="columnheader" scope="col">${label}</th>`)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${connections.map((one) => row(one, tenants))}
    </tbody>
  </table>`

const labels = ['Status', 'Zoho account', 'Access token', 'Missing scopes'] as const

const row = (one: ListedConnection, tenants: readonly Tenant[]): Html =>
  html`<tr role="row">
    <th role="rowheader" scope="row">${owner(one, tenants)}<code>${one.id}</code></th>
    ${one.unreadable === undefined ? readable(one) : unreadable(one, one.unreadable)}
  </tr>`

const owner = ({ principal }: ListedConnection, tenants: readonly Tenant[]): Html => {
  if (principal === undefined) return html`<span class="soft">nobody’s</span>`
  const name = tenants.find(({ id }) => id === principal)?.name
  return html`<a href="/admin?${String(new URLSearchParams({ tenant: principal }))}"
      >${name ?? principal}</a
    >${name === undefined ? html`<small>no tenant of ours any more</small>` : ''}`
}

const cell = (label: (typeof labels)[number], content: Html | undefined): Html =>
  content === undefined
    ? html`<td role="cell" class="blank soft">–</td>`
    : html`<td role="cell" data-label="${label}">${content}</td>`

const readable = (one: ListedConnection): Html => {
  const { status, since, dataCenter, accessToken, missingScopes, identity } = one
  const began = since === undefined ? '' : html`<small>since ${instant(since)}</small>`
  const badge = html`<span class="badge ${status}">${statusWords[status]}</span>`
  return html`${cell('Status', html`${badge}${began}${hint(status)}`)}
  ${cell(
    'Zoho account',
    html`${identity?.organizationName === undefined ? html`<span class="soft">not told</span>` : told(identity.organizationName)}
    ${identity?.userName === undefined ? '' : html`<small>as ${told(identity.userName)}</small>`}
    ${dataCenter === undefined ? '' : html`<small>${placeOf(dataCenter)}</small>`}`,
  )}
  ${cell('Access token', accessToken && freshness(accessToken))}
  ${cell('Missing scopes', missing(status, missingScopes))}`
}

const missing = (
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
      Nobody uses it any more. Zoho has not confirmed yet, and is asked again by itself.
    </p>`
  if (status === 'needs-consent')
    return html`<p class="hint">
      Zoho takes the refresh token no more. Only the tenant can connect again.
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
  ${left}${state === 'due' ? html`<small>the next call refreshes it behind its answer</small>` : ''}`
}

const hints: Readonly<Partial<Record<ErrorCode, string>>> = {
  'key-unknown':
    'It was sealed with a key that ZOHO_ENCRYPTION_KEY has no more. Put that key back, ' +
    'behind the current one, or forget the connection.',
  'record-unreadable':
    'The row was altered, or moved from another connection. Restore it from a backup, or ' +
    'forget the connection.',
}

/**
 * A record that could not be read. Only the store's unencrypted fields are known. If the error can
 * pass, there is no button to forget the record.
 */
const unreadable = ({ id, dataCenter }: ListedConnection, code: ErrorCode): Html =>
  html`<td role="cell" data-label="Status">
      <span class="badge unreadable">Unreadable</span
      ><small>${dataCenter === undefined ? '' : placeOf(dataCenter)}</small>
    </td>
    <td role="cell" colspan="3" data-label="What to do">
      <p>${hints[code] ?? `${errorCodes[code].summary} ${errorCodes[code].hint}`}</p>
      ${hints[code] === undefined ? '' : forgetForm(id)}
    </td>`

const forgetForm = (id: string): Html =>
  html`<details class="sure">
    <summary>Forget it …</summary>
    <form method="post">
      <p>
        The record goes, and the tenant has to connect again. The consent itself lives on at Zoho,
        until the customer takes it back there.
      </p>
      <button class="button bad" name="forget" value="${id}">
        Forget <span class="unseen">${id}</span> for good
      </button>
    </form>
  </details>`
