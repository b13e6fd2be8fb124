import { html, type Html } from '@zrecruit-examples/shared-ui/html'
import type { ConnectionStatus } from '@zrecruit/oauth-nestjs'
import type { Member } from '../accounts/tenants.ts'
import { layout } from './layout.ts'
import { isolate, placeOf, statusLabels } from './labels.ts'

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
      <p>Your team’s recruiting, with your own Zoho Recruit.</p>
      <section class="card" aria-label="Connection to Zoho Recruit">
        <div class="head">
          <div>
            <h2>Zoho Recruit</h2>
            <span class="badge ${status.status}">${statusLabels[status.status]}</span>
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
        ${
          status.status === 'active'
            ? connectionDetails(status)
            : otherDataCenters(dataCenters.filter((id) => id !== dataCenter))
        }
      </section>`,
    { user, path: '/' },
  )
}

const connectionDetails = ({ dataCenter = '', identity }: ConnectionStatus): Html =>
  html`<dl>
      <div>
        <dt>Connected to</dt>
        <dd>${isolate(identity?.organizationName ?? 'an unknown organization')}</dd>
      </div>
      <div>
        <dt>As</dt>
        <dd>${isolate(identity?.userName ?? 'an unknown user')}</dd>
      </div>
      <div>
        <dt>Data center</dt>
        <dd>${placeOf(dataCenter)}</dd>
      </div>
    </dl>
    <p class="soft">
      All users of your office share this connection: see the
      <a href="/candidates">candidates</a> and the <a href="/team">team</a>.
    </p>`

const otherDataCenters = (dataCenters: readonly string[]): Html =>
  html`<details class="other-data-centers">
    <summary>Our Zoho account is in another data center</summary>
    <ul>
      ${dataCenters.map(connectLink)}
    </ul>
  </details>`

const connectLink = (dataCenter: string): Html =>
  html`<li><a href="/zoho/connect?dataCenter=${dataCenter}">${placeOf(dataCenter)}</a></li>`
