import { candidatesTable } from '@zrecruit-examples/shared-ui/candidates-table'
import { html, type Html } from '@zrecruit-examples/shared-ui/html'
import { sectionsStyle } from '@zrecruit-examples/shared-ui/sections-style'
import type { ConnectionStatus } from '@zrecruit/oauth-koa'
import type { Candidate, Customer } from './archive.ts'
import { archiveStyle } from './style.ts'

export interface CustomerPageContent {
  readonly customer: Customer
  readonly status: ConnectionStatus
  readonly candidates: readonly Candidate[]
  readonly organization?: string | undefined
  readonly problem?: string
}

/** The customer's status, as a word and a color. */
const badge = ({ customer, status }: Pick<CustomerPageContent, 'customer' | 'status'>): Html => {
  const [word, color] = {
    none: ['Not connected', ''],
    active: customer.remedy === 'retry' ? ['Connected, waiting', 'amber'] : ['Connected', 'green'],
    'needs-consent': ['Needs consent again', 'amber'],
    revoking: ['Disconnecting', ''],
    revoked: ['Disconnected', ''],
  }[status.status]
  return html`<span class="badge ${color}">${word}</span>`
}

const ago = (instant: number): string => {
  const minutes = Math.floor((Date.now() - instant) / 60_000)
  if (minutes < 1) return 'just now'
  return minutes < 120 ? `${minutes} min ago` : `${Math.floor(minutes / 60)} hours ago`
}

const copiedText = ({ candidates, copiedAt }: Customer): string => {
  if (copiedAt > 0) return `${candidates} candidates, ${ago(copiedAt)}`
  return candidates > 0 ? `${candidates} candidates so far` : 'Nothing yet'
}

const nextCopyText = ({ remedy, notBefore }: Customer): string => {
  const minutes = Math.ceil((notBefore - Date.now()) / 60_000)
  if (remedy === 'retry' && minutes > 0)
    return `in ${minutes} min: Zoho limits the number of requests`
  return remedy === 'fix-configuration' || remedy === 'report'
    ? 'when we have fixed a problem on our side'
    : 'in the next round'
}

/** All customers with their status. */
export const frontPage = (
  customers: readonly Pick<CustomerPageContent, 'customer' | 'status'>[],
): string =>
  frame(
    'Sign in',
    html`<section>
      <h2>Sign in</h2>
      <p class="soft">This is an example without passwords. Choose a customer.</p>
      <ul class="people">
        ${customers.map(
          ({ customer, status }) =>
            html`<li>
              <form method="post" action="/sign-in?as=${customer.id}">
                <button class="person">
                  <strong>${customer.name}</strong
                  ><span>${copiedText(customer)}</span>${badge({ customer, status })}
                </button>
              </form>
            </li>`,
        )}
      </ul>
    </section>`,
  )

export const customerPage = ({
  customer,
  status,
  candidates,
  organization,
  problem,
}: CustomerPageContent): string =>
  frame(
    customer.name,
    html`${status.status === 'needs-consent' ? consentBanner(customer) : ''}
      ${problem === undefined ? '' : notice(problem)}
      <section aria-label="Connection to Zoho Recruit">
        <div class="head">
          <div>
            <h2>Zoho Recruit</h2>
            ${badge({ customer, status })}
          </div>
          ${connectionButton(status)}
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
                  <dd>${copiedText(customer)}</dd>
                </div>
                ${
                  status.status === 'active'
                    ? html`<div>
                        <dt>Next copy</dt>
                        <dd>${nextCopyText(customer)}</dd>
                      </div>`
                    : ''
                }
              </dl>`
        }
      </section>
      ${candidates.length === 0 ? '' : candidatesTable(candidates)}`,
    customer,
  )

/** With `needs-consent`, the banner has the link instead. */
const connectionButton = ({ status }: ConnectionStatus): Html | undefined => {
  if (status === 'needs-consent') return undefined
  if (status !== 'active')
    return html`<a class="button main" href="/zoho/connect">Connect Zoho Recruit</a>`
  return html`<form method="post" action="/zoho/disconnect">
    <button class="button">Disconnect</button>
  </form>`
}

/** Shown if the customer must consent again. */
const consentBanner = ({ candidates }: Customer): Html =>
  html`<section class="banner" role="alert">
    <div>
      <h2>We no longer have access to your Zoho Recruit</h2>
      <p>
        Your consent was revoked or has ended. We keep the ${candidates} candidates that we have
        copied, but cannot copy new ones.
      </p>
    </div>
    <a class="button main" href="/zoho/connect">Connect again</a>
  </section>`

const notice = (text: string): Html => html`<section class="notice" role="status">${text}</section>`

const signOutForm = ({ name }: Customer): Html =>
  html`<form method="post" action="/sign-out">
    <span>${name}</span><button class="button">Sign out</button>
  </form>`

const frame = (title: string, content: Html, customer?: Customer): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="icon" href="data:," />
        <title>${title} · Candidate archive</title>
        ${sectionsStyle}${archiveStyle}
      </head>
      <body>
        <header>
          <h1>Candidate archive</h1>
          ${customer ? signOutForm(customer) : ''}
        </header>
        <main>${content}</main>
      </body>
    </html>`.html
