import type { ConnectionStatus } from '@zrecruit/oauth-nestjs'
import type { User } from '../accounts/tenants.ts'
import { html, type Html } from './html.ts'
import { layout } from './layout.ts'

export interface Overview {
  readonly status: ConnectionStatus
  readonly connectedBy?: string | undefined
  readonly organization?: string | undefined
  readonly problem?: string | undefined
  /** Those that this app knows. */
  readonly dataCenters: readonly string[]
}

const words: Record<ConnectionStatus['status'], string> = {
  none: 'Not connected',
  active: 'Connected',
  'needs-consent': 'Needs your consent again',
  revoking: 'Disconnecting',
  revoked: 'Disconnected',
}

const places: Readonly<Record<string, string>> = {
  us: 'United States', eu: 'Europe', in: 'India', au: 'Australia', jp: 'Japan', cn: 'China', ca: 'Canada', sa: 'Saudi Arabia', uk: 'United Kingdom', ae: 'United Arab Emirates', sg: 'Singapore',
}
const placeOf = (dataCenter: string): string => places[dataCenter] ?? dataCenter

export const homePage = (user: User, { status, connectedBy, organization, problem, dataCenters }: Overview): string =>
  layout(
    user.tenant.name,
    html`<h1>${user.tenant.name}</h1>
      <p>Your team’s recruiting, on top of your own Zoho Recruit.</p>
      ${problem === undefined ? '' : html`<section class="card problem" role="alert">${problem}</section>`}
      <section class="card" aria-label="Connection to Zoho Recruit">
        <div class="head">
          <div>
            <h2>Zoho Recruit</h2>
            <span class="badge ${status.status}">${words[status.status]}</span>
          </div>
          ${status.status === 'active'
            ? html`<form method="post" action="/zoho/disconnect"><button class="button">Disconnect</button></form>`
            : html`<a class="button main" href="/zoho/connect">Connect in ${placeOf(user.tenant.dataCenter)}</a>`}
        </div>
        ${status.status === 'active' ? connected(status, connectedBy, organization) : elsewhere(dataCenters.filter((id) => id !== user.tenant.dataCenter))}
      </section>`,
    { user, path: '/' },
  )

const connected = ({ dataCenter = '' }: ConnectionStatus, connectedBy = 'a former colleague', organization?: string): Html =>
  html`<dl>
      ${organization === undefined ? '' : html`<div><dt>Zoho organization</dt><dd>${organization}</dd></div>`}
      <div><dt>Data center</dt><dd>${placeOf(dataCenter)}</dd></div>
      <div><dt>Connected by</dt><dd>${connectedBy}</dd></div>
    </dl>
    <p class="soft">Everybody in your company uses this one connection: see the <a href="/candidates">candidates</a> and the <a href="/team">team</a>.</p>`

const elsewhere = (dataCenters: readonly string[]): Html =>
  html`<details class="elsewhere">
    <summary>Our Zoho account is in another data center</summary>
    <ul>${dataCenters.map((id) => html`<li><a href="/zoho/connect?dataCenter=${id}">${placeOf(id)}</a></li>`)}</ul>
  </details>`
