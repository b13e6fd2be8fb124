import type { ConnectionStatus } from '@zrecruit/oauth-koa'
import type { Candidate, Customer } from './archive.ts'
import { html, type Html } from './html.ts'
import { style } from './style.ts'

export interface Shown {
  readonly customer: Customer
  readonly status: ConnectionStatus
  readonly candidates: readonly Candidate[]
  readonly organization?: string | undefined
  readonly problem?: string
}

/** How it stands with a customer, in a word and a colour. */
const badge = ({ customer, status }: Pick<Shown, 'customer' | 'status'>): Html => {
  const [word, colour] = {
    none: ['Not connected', ''],
    active: customer.remedy === 'retry' ? ['Connected, waiting', 'amber'] : ['Connected', 'green'],
    'needs-consent': ['Needs consent again', 'amber'],
    revoking: ['Disconnecting', ''],
    revoked: ['Disconnected', ''],
  }[status.status]
  return html`<span class="badge ${colour}">${word}</span>`
}

const ago = (instant: number): string => {
  const minutes = Math.floor((Date.now() - instant) / 60_000)
  if (minutes < 1) return 'just now'
  return minutes < 120 ? `${minutes} min ago` : `${Math.floor(minutes / 60)} hours ago`
}

const copied = ({ candidates, copiedAt }: Customer): string => {
  if (copiedAt > 0) return `${candidates} candidates, ${ago(copiedAt)}`
  return candidates > 0 ? `${candidates} candidates so far` : 'Nothing yet'
}

const next = ({ remedy, notBefore }: Customer): string => {
  const minutes = Math.ceil((notBefore - Date.now()) / 60_000)
  if (remedy === 'retry' && minutes > 0) return `in ${minutes} min: Zoho asks us to wait`
  return remedy === 'fix-configuration' || remedy === 'report'
    ? 'once we have mended something on our side'
    : 'in the next round'
}

/** Who uses the app, and how it stands with each. */
export const frontPage = (everybody: readonly Pick<Shown, 'customer' | 'status'>[]): string =>
  frame(
    'Who are you?',
    html`<section>
      <h2>Who are you?</h2>
      <p class="soft">This example has no login: pick a customer, and be them.</p>
      <ul class="people">
        ${everybody.map(
          ({ customer, status }) =>
            html`<li>
              <form method="post" action="/sign-in?as=${customer.id}">
                <button class="person">
                  <strong>${customer.name}</strong
                  ><span>${copied(customer)}</span>${badge({ customer, status })}
                </button>
              </form>
            </li>`,
        )}
      </ul>
    </section>`,
  )

/** What a customer sees. */
export const customerPage = ({
  customer,
  status,
  candidates,
  organization,
  problem,
}: Shown): string =>
  frame(
    customer.name,
    html`${status.status === 'needs-consent' ? lost(customer) : ''}
      ${problem === undefined ? '' : html`<section class="notice" role="status">${problem}</section>`}
      <section aria-label="Connection to Zoho Recruit">
        <div class="head">
          <div>
            <h2>Zoho Recruit</h2>
            ${badge({ customer, status })}
          </div>
          ${connectOrDisconnect(status)}
        </div>
        ${
          status.status === 'none'
            ? html`<p class="soft">
                Connect your Zoho Recruit account, and a copy of its candidates is kept here.
              </p>`
            : html`<dl>
                ${
                  organization === undefined
                    ? ''
                    : html`<div>
                        <dt>Zoho organization</dt>
                        <dd>${organization}</dd>
                      </div>`
                }
                ${
                  status.dataCenter === undefined
                    ? ''
                    : html`<div>
                        <dt>Data center</dt>
                        <dd>${status.dataCenter}</dd>
                      </div>`
                }
                <div>
                  <dt>Copied</dt>
                  <dd>${copied(customer)}</dd>
                </div>
                ${
                  status.status === 'active'
                    ? html`<div>
                        <dt>Next copy</dt>
                        <dd>${next(customer)}</dd>
                      </div>`
                    : ''
                }
              </dl>`
        }
      </section>
      ${candidates.length === 0 ? '' : table(candidates)}`,
    customer,
  )

/** Where consent is needed again, the banner has the link. */
const connectOrDisconnect = ({ status }: ConnectionStatus): Html | undefined => {
  if (status === 'needs-consent') return undefined
  if (status !== 'active')
    return html`<a class="button main" href="/zoho/connect">Connect Zoho Recruit</a>`
  return html`<form method="post" action="/zoho/disconnect">
    <button class="button">Disconnect</button>
  </form>`
}

/** Only the customer can give another consent. */
const lost = ({ candidates }: Customer): Html =>
  html`<section class="banner" role="alert">
    <div>
      <h2>Zoho Recruit no longer lets us in</h2>
      <p>
        Your consent was taken back, or has ended. The ${candidates} candidates that we have stay;
        new ones do not come.
      </p>
    </div>
    <a class="button main" href="/zoho/connect">Connect again</a>
  </section>`

const table = (candidates: readonly Candidate[]): Html =>
  html`<section aria-label="Candidates">
    <h2>Candidates <span class="soft">${candidates.length}</span></h2>
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th>Name</th>
            <th>Job title</th>
            <th class="city">City</th>
            <th>Status</th>
          </tr>
        </thead>
        <tbody>
          ${candidates.map(
            (one) =>
              html`<tr>
                <td>${one.Full_Name}</td>
                <td>${one.Current_Job_Title}</td>
                <td class="city">${one.City}</td>
                <td>${one.Candidate_Status}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`

const frame = (title: string, content: Html, customer?: Customer): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="icon" href="data:," />
        <title>${title} · Candidate archive</title>
        ${style}
      </head>
      <body>
        <header>
          <h1>Candidate archive</h1>
          ${customer ? html`<form method="post" action="/sign-out"><span>${customer.name}</span><button class="button">Sign out</button></form>` : ''}
        </header>
        <main>${content}</main>
      </body>
    </html>`.html
