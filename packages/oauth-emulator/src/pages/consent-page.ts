import type { AuthorizationRequest } from '../accounts/authorization-request.ts'
import type { Client } from '../client.ts'
import type { User } from '../seed/organizations.ts'
import { type Html, html } from './html.ts'
import { layout } from './layout.ts'
import { describeScope } from './describe-scope.ts'

interface ConsentPage {
  readonly client: Client
  readonly request: AuthorizationRequest
  /** The users who can sign in. The first one is preselected. */
  readonly accounts: readonly User[]
}

/**
 * The consent page. The form has no `action`, so the browser posts it to the page's own address.
 * Thus every parameter, especially `state`, returns byte for byte.
 */
export function consentPage({ client, request, accounts }: ConsentPage): Html {
  const title = `${client.name} would like to access your Zoho Recruit data`
  const scopes = request.scopes.map(
    (scope) => html`<li>${describeScope(scope)} <code>${breakable(scope)}</code></li> `,
  )
  return layout(
    title,
    html`<div class="pair" aria-hidden="true">
        <span class="tile">${initial(client.name)}</span><span class="thread"></span
        ><span class="tile recruit">R</span>
      </div>
      <h1>${title}</h1>
      <p><code>${client.id}</code></p>
      <form method="post">
        ${accounts.length > 1 ? picker(accounts) : accounts.map(signedIn)}
        <label class="environment"
          >Environment
          <select name="environment">
            <option value="production">Production</option>
            <option value="sandbox">Sandbox</option>
          </select></label
        >
        <section aria-labelledby="scopes">
          <h2 id="scopes">If you accept, it can</h2>
          <ul class="scopes">
            ${scopes}
          </ul>
        </section>
        <div class="actions">
          <button class="accept" name="decision" value="approve">Accept</button>
          <button name="decision" value="refuse">Reject</button>
        </div>
      </form>
      <p class="after">
        ${duration(request)}<br />You will return to
        <strong>${new URL(request.redirectUri).host}</strong>.
      </p>`,
  )
}

/** On a narrow screen, a scope breaks after its dots and not within a word. */
function breakable(scope: string): readonly Html[] {
  const parts = scope.split('.')
  return parts.map((part, index) => (index === 0 ? html`${part}` : html`.<wbr />${part}`))
}

function picker(accounts: readonly User[]): Html {
  return html`<fieldset>
    <legend>Choose an account to continue with</legend>
    ${accounts.map((account, index) => choice(account, index === 0))}
  </fieldset>`
}

function choice(account: User, isPreselected: boolean): Html {
  const radio = html`<input
    type="radio"
    name="account"
    value="${account.email}"
    ${isPreselected ? html` checked` : undefined}
  />`
  return html`<label class="account">${radio}${person(account)}</label> `
}

function signedIn(account: User): Html {
  return html`<section aria-labelledby="account">
    <h2 id="account">Signed in as</h2>
    <div class="account">
      <input type="hidden" name="account" value="${account.email}" />${person(account)}
    </div>
  </section>`
}

function person({ firstName, lastName, organization: { name, place, dataCenter } }: User): Html {
  const who = html`<span class="who"><b>${firstName} ${lastName}</b><small>${name}</small></span>`
  return html`${who}<span class="place">${place}<br /><code>${dataCenter}</code></span>`
}

function duration(request: AuthorizationRequest): string {
  return request.offline ? 'Access lasts until you revoke it.' : 'Access lasts one hour.'
}

function initial(name: string): string {
  return (Array.from(name.trim())[0] ?? '·').toUpperCase()
}
