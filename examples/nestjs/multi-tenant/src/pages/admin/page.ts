import { html, type Html } from '@zrecruit-examples/shared-ui/html'
import type { ListedConnection } from '@zrecruit/oauth-nestjs'
import type { Tenant, User } from '../../accounts/tenants.ts'
import { layout } from '../layout.ts'
import { outcomeCard, type Outcome } from './outcome.ts'
import { table } from './rows.ts'
import { adminStyle } from './style.ts'

export interface Filter {
  readonly tenant: string | undefined
  readonly unfinished: boolean
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
      <p>Every tenant’s, as they stand in the store. No token is on this page.</p>
      ${outcome === undefined ? '' : outcomeCard(outcome)} ${filters(filter, tenants)}
      <section class="card list" aria-label="Connections">
        ${connections.length === 0 ? empty(filter, next) : table(connections, tenants)}
        ${filter.after === undefined && next === undefined ? '' : pages(filter, next)}
      </section>
      ${filter.tenant === undefined ? '' : offboarding(filter.tenant, tenants)} ${upkeep}`,
    { user, path: '/admin', style: adminStyle },
  )

const address = ({ tenant, unfinished, after }: Partial<Filter>): string => {
  const query = new URLSearchParams({
    ...(tenant !== undefined && { tenant }),
    ...(unfinished && { unfinished: 'yes' }),
    ...(after !== undefined && { after }),
  })
  return query.size === 0 ? '/admin' : `/admin?${query}`
}

const filters = ({ tenant, unfinished }: Filter, tenants: readonly Tenant[]): Html => {
  // A former tenant can still have connections.
  const choices =
    tenant === undefined || tenants.some(({ id }) => id === tenant)
      ? tenants
      : [...tenants, { id: tenant, name: tenant }]
  const checked = html`checked`
  return html`<form
    class="filters"
    method="get"
    action="/admin"
    role="search"
    aria-label="Which connections"
  >
    <label
      >Tenant
      <select name="tenant">
        <option value="">All tenants</option>
        ${choices.map(({ id, name }) => html`<option value="${id}" ${id === tenant ? html`selected` : ''}>${name}</option>`)}
      </select>
    </label>
    <label class="check"
      ><input type="checkbox" name="unfinished" value="yes" ${unfinished ? checked : ''} /> Only
      unfinished ones</label
    >
    <button class="button">Show</button>
    ${tenant !== undefined || unfinished ? html`<a href="/admin">Show all</a>` : ''}
  </form>`
}

const empty = ({ tenant, unfinished, after }: Filter, next: string | undefined): Html => {
  if (after !== undefined || next !== undefined)
    return html`<p class="none"><b>Nothing on this page.</b></p>`
  if (unfinished)
    return html`<p class="none">
      <b>Nothing is unfinished.</b> No revocation waits for Zoho, and no consent was cut short.
    </p>`
  if (tenant !== undefined)
    return html`<p class="none">
      <b>This tenant has no connection.</b> It appears here once its people connect Zoho Recruit.
    </p>`
  return html`<p class="none">
    <b>Nobody has connected yet.</b> A connection appears here once a tenant’s people connect Zoho
    Recruit.
  </p>`
}

const pages = (filter: Filter, next: string | undefined): Html =>
  html`<nav class="pages" aria-label="Pages of the list">
    ${filter.after === undefined ? '' : html`<a class="button" href="${address({ ...filter, after: undefined })}">First page</a>`}
    ${next === undefined ? '' : html`<a class="button" rel="next" href="${address({ ...filter, after: next })}">Next page</a>`}
  </nav>`

const offboarding = (tenant: string, tenants: readonly Tenant[]): Html => {
  const name = tenants.find(({ id }) => id === tenant)?.name ?? tenant
  return html`<section class="card" aria-labelledby="offboarding">
    <h2 id="offboarding">A tenant that leaves</h2>
    <p>
      Ends all connections of ${name}: here at once, then at Zoho. What Zoho does not confirm is
      asked for again by itself.
    </p>
    <details class="sure">
      <summary>Disconnect ${name} …</summary>
      <form method="post">
        <p>To come back, each of its offices has to connect again.</p>
        <button class="button bad" name="disconnect" value="${tenant}">
          Disconnect ${name} for good
        </button>
      </form>
    </details>
  </section>`
}

const upkeep = html`<section class="card" aria-labelledby="upkeep">
  <h2 id="upkeep">Upkeep</h2>
  <form method="post" class="upkeep">
    <div>
      <p>
        Revocations that Zoho has not confirmed, and consents whose process died, are taken up by
        themselves every minute.
      </p>
      <button class="button" name="resume" value="now">Finish what is unfinished now</button>
    </div>
    <div>
      <p>
        Once every process has a new key in front of <code>ZOHO_ENCRYPTION_KEY</code>, every record
        is sealed with it. Then the old key can go.
      </p>
      <button class="button" name="reseal" value="all">Reseal all</button>
    </div>
  </form>
</section>`
