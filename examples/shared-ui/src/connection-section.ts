import type { ConnectionStatus } from '@zrecruit/oauth-core'
import { html, type Html } from './html.ts'

const statusLabels: Readonly<Record<ConnectionStatus['status'], string>> = {
  none: 'Not connected',
  active: 'Connected',
  'needs-consent': 'Needs your consent again',
  revoking: 'Disconnecting',
  revoked: 'Disconnected',
}

/** The connection's status and details, with buttons to connect, refresh and disconnect. */
export const connectionSection = (status: ConnectionStatus): Html =>
  html`<section aria-label="Connection to Zoho Recruit">
    <div class="head">
      <div>
        <h2>Zoho Recruit</h2>
        <span class="badge ${status.status}">${statusLabels[status.status]}</span>
      </div>
      <div class="buttons">${buttons(status)}</div>
    </div>
    ${
      status.dataCenter === undefined
        ? html`<p>Connect your Zoho Recruit account, and its candidates appear here.</p>`
        : html`<dl>
            ${detail('Zoho organization', status.identity?.organizationName)}
            ${detail('Zoho user', status.identity?.userName)}
            ${detail('Connected by', status.principal ?? 'unknown')}
            ${detail('Data center', status.dataCenter)}
            ${detail('Access token', accessTokenText(status.accessToken))}
            ${detail(
              'Scopes',
              status.scopes.map((scope) => html`<code>${scope}</code>`),
            )}
          </dl>`
    }
  </section>`

const buttons = ({ status }: ConnectionStatus): Html =>
  status === 'active'
    ? html`<form method="post" action="/refresh">
          <button class="button">Refresh now</button>
        </form>
        <form method="post" action="/zoho/disconnect">
          <button class="button">Disconnect</button>
        </form>`
    : html`<a class="button main" href="/zoho/connect">Connect Zoho Recruit</a>`

const detail = (name: string, value: string | readonly Html[] | undefined): Html | undefined =>
  value === undefined
    ? undefined
    : html`<div>
        <dt>${name}</dt>
        <dd>${value}</dd>
      </div>`

const accessTokenText = (accessToken: ConnectionStatus['accessToken']): string => {
  if (accessToken === undefined) return 'none'
  const minutes = Math.floor(accessToken.expiresInMs / 60_000)
  const timeLeft = minutes < 1 ? 'less than a minute' : `${minutes} min`
  return `${accessToken.freshness}, ${timeLeft} left`
}
