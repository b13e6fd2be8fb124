import { html, type Html } from '@zrecruit-examples/shared-ui/html'
import type { ListedConnection } from '@zrecruit/oauth-nestjs'
import type { Tenant, User } from '../../accounts/tenants.ts'
import { layout } from '../layout.ts'
import { outcomeCard, type Outcome } from './outcome.ts'
import { connectionsTable } from './rows.ts'
import { adminStyle } from './style.ts'

export interface Filter {
  readonly tenant: string | undefined
  readonly pending: boolean
  readonly after: string | undefined
}

export interface Overview {
  readonly filter: Filter
  readonly connections: readonly ListedConnection[]
  readonly next: string | undefined
  readonly tenants: readonly Tenant[]
  readonly outcome: Outcome | undefined
}

export const adminPage = (
  user: User,
  { filter, connections, next, tenants, outcome }: Overview,
): string =>
  layout(
    'Connections',
    html`<h1>Connections to Zoho Recruit</h1>
      <p>The connections of all tenants. This page contains no tokens.</p>
      ${outcome === undefined ? '' : outcomeCard(outcome)} ${filters(filter, tenants)}
      <section class="card list" aria-label="Connections">
        ${
          connections.length === 0
            ? emptyList(filter, next)
            : connectionsTable(connections, tenants)
        }
        ${filter.after === undefined && next === undefined ? '' : pages(filter, next)}
      </section>
      ${filter.tenant === undefined ? '' : offboarding(filter.tenant, tenants)} ${maintenance}`,
    { user, path: '/admin', style: adminStyle },
  )

const addressOf = ({ tenant, pending, after }: Partial<Filter>): string => {
  const query = new URLSearchParams({
    ...(tenant !== undefined && { tenant }),
    ...(pending && { pending: 'yes' }),
    ...(after !== undefined && { after }),
  })
  return query.size === 0 ? '/admin' : `/admin?${query}`
}

const tenantOption = ({ id, name }: Tenant, isSelected: boolean): Html =>
  html`<option value="${id}" ${isSelected ? html`selected` : ''}>${name}</option>`

const filters = ({ tenant, pending }: Filter, tenants: readonly Tenant[]): Html => {
  // A former tenant can still have connections.
  const choices =
    tenant === undefined || tenants.some(({ id }) => id === tenant)
      ? tenants
      : [...tenants, { id: tenant, name: tenant }]
  const checked = html`checked`
  return html`<form class="filters" method="get" action="/admin" role="search" aria-label="Filter">
    <label
      >Tenant
      <select name="tenant">
        <option value="">All tenants</option>
        ${choices.map((choice) => tenantOption(choice, choice.id === tenant))}
      </select>
    </label>
    <label class="check"
      ><input type="checkbox" name="pending" value="yes" ${pending ? checked : ''} /> With pending
      work</label
    >
    <button class="button">Show</button>
    ${tenant !== undefined || pending ? html`<a href="/admin">Show all</a>` : ''}
  </form>`
}

const emptyList = ({ tenant, pending, after }: Filter, next: string | undefined): Html => {
  if (after !== undefined || next !== undefined)
    return html`<p class="empty"><b>There are no connections on this page.</b></p>`
  if (pending)
    return html`<p class="empty">
      <b>There is no pending work.</b> Zoho has confirmed all revocations, and no consent was
      interrupted.
    </p>`
  if (tenant !== undefined)
    return html`<p class="empty">
      <b>This tenant has no connection.</b> It appears here when its users connect Zoho Recruit.
    </p>`
  return html`<p class="empty">
    <b>There are no connections yet.</b> A connection appears here when a tenant’s users connect
    Zoho Recruit.
  </p>`
}

const pages = (filter: Filter, next: string | undefined): Html =>
  html`<nav class="pages" aria-label="Pages of the list">
    ${filter.after === undefined ? '' : firstPageLink(filter)}
    ${next === undefined ? '' : nextPageLink(filter, next)}
  </nav>`

const firstPageLink = (filter: Filter): Html =>
  html`<a class="button" href="${addressOf({ ...filter, after: undefined })}">First page</a>`

const nextPageLink = (filter: Filter, after: string): Html =>
  html`<a class="button" rel="next" href="${addressOf({ ...filter, after })}">Next page</a>`

const offboarding = (tenant: string, tenants: readonly Tenant[]): Html => {
  const name = tenants.find(({ id }) => id === tenant)?.name ?? tenant
  return html`<section class="card" aria-labelledby="offboarding">
    <h2 id="offboarding">Offboarding</h2>
    <p>
      Revokes all connections of ${name}: in Shortlist at once, then at Zoho. If Zoho does not
      confirm, Shortlist tries again automatically.
    </p>
    <details class="confirm">
      <summary>Disconnect ${name} …</summary>
      <form method="post">
        <p>Each of its offices must then connect again to use Zoho Recruit.</p>
        <button class="button bad" name="disconnect" value="${tenant}">
          Disconnect ${name} now
        </button>
      </form>
    </details>
  </section>`
}

const maintenance = html`<section class="card" aria-labelledby="maintenance">
  <h2 id="maintenance">Maintenance</h2>
  <form method="post" class="maintenance">
    <div>
      <p>
        Every minute, Shortlist finishes revocations that Zoho has not confirmed, and consents that
        were interrupted.
      </p>
      <button class="button" name="recover" value="now">Finish pending work now</button>
    </div>
    <div>
      <p>
        When every process has a new key at the beginning of <code>ZOHO_ENCRYPTION_KEY</code>,
        re-encrypt all records with it. Then remove the former key.
      </p>
      <button class="button" name="reencrypt" value="all">Re-encrypt all</button>
    </div>
  </form>
</section>`
