import { html, type Html } from '@zrecruit-examples/shared-ui/html'
import type { ConnectionStatus } from '@zrecruit/oauth-nestjs'
import type { Member } from '../accounts/tenants.ts'
import { layout } from './layout.ts'
import { placeOf, statusWords, told } from './words.ts'

/** @param dataCenters the ids of all data centers that are configured */
export const homePage = (
  user: Member,
  status: ConnectionStatus,
  dataCenters: readonly string[],
): string => {
  const { tenant, city, dataCenter } = user.office
  return layout(
    tenant.name,
    html`<h1>${tenant.name}, ${city}</h1>
      <p>Your team’s recruiting, on top of your own Zoho Recruit.</p>
      <section class="card" aria-label="Connection to Zoho Recruit">
        <div class="head">
          <div>
            <h2>Zoho Recruit</h2>
            <span class="badge ${status.status}">${statusWords[status.status]}</span>
          </div>
          ${
            status.status === 'active'
              ? html`<form method="post" action="/zoho/disconnect">
                  <button class="button">Disconnect</button>
                </form>`
              : html`<a class="button main" href="/zoho/connect"
                  >Connect in ${placeOf(dataCenter)}</a
                >`
          }
        </div>
        ${status.status === 'active' ? connected(status) : elsewhere(dataCenters.filter((id) => id !== dataCenter))}
      </section>`,
    { user, path: '/' },
  )
}

const connected = ({ dataCenter = '', identity }: ConnectionStatus): Html =>
  html`<dl>
      <div>
        <dt>Connected to</dt>
        <dd>${told(identity?.organizationName ?? 'an organization that Zoho did not name')}</dd>
      </div>
      <div>
        <dt>As</dt>
        <dd>${told(identity?.userName ?? 'a user whom Zoho did not name')}</dd>
      </div>
      <div>
        <dt>Data center</dt>
        <dd>${placeOf(dataCenter)}</dd>
      </div>
    </dl>
    <p class="soft">
      Everybody in your office uses this one connection: see the
      <a href="/candidates">candidates</a> and the <a href="/team">team</a>.
    </p>`

const elsewhere = (dataCenters: readonly string[]): Html =>
  html`<details class="elsewhere">
    <summary>Our Zoho account is in another data center</summary>
    <ul>
      ${dataCenters.map((id) => html`<li><a href="/zoho/connect?dataCenter=${id}">${placeOf(id)}</a></li>`)}
    </ul>
  </details>`
