import type { Tenant, User } from '../accounts/tenants.ts'
import { html } from './html.ts'
import { initials, layout } from './layout.ts'

export const signInPage = (companies: readonly { readonly tenant: Tenant; readonly people: readonly User[] }[], returnTo: string): string =>
  layout(
    'Sign in',
    html`<h1>Who are you today?</h1>
      <p>Three customers of one product, two people each. There are no passwords: this is an example.</p>
      <div class="tiles">
        ${companies.map(
          ({ tenant, people }) => html`<section class="card">
            <h2>${tenant.name}</h2>
            <p>${tenant.city}</p>
            <form method="post" action="/sign-in">
              <input type="hidden" name="returnTo" value="${returnTo}" />
              ${people.map(
                (user) => html`<button class="person" name="user" value="${user.id}"><span class="face" aria-hidden="true">${initials(user.name)}</span><span><b>${user.name}</b><small>${user.role}</small></span></button>`,
              )}
            </form>
          </section>`,
        )}
      </div>`,
  )
