import { html, type Html } from '@zrecruit-examples/shared-ui/html'
import type { Member, Staff, Tenant, User } from '../accounts/tenants.ts'
import { initials, layout } from './layout.ts'

export const signInPage = (
  companies: readonly { readonly tenant: Tenant; readonly people: readonly Member[] }[],
  staff: readonly Staff[],
  returnTo: string,
): string =>
  layout(
    'Sign in',
    html`<h1>Sign in</h1>
      <p>
        Choose a user of one of the three customers, or of the product’s own staff. This is an
        example, so there are no passwords.
      </p>
      <div class="tiles">
        ${companies.map(({ tenant, people }) =>
          tile(tenant.name, citiesOf(people), people, returnTo),
        )}
        ${tile('Shortlist', 'The product’s own staff', staff, returnTo)}
      </div>`,
  )

const citiesOf = (people: readonly Member[]): string =>
  [...new Set(people.map(({ office }) => office.city))].join(' and ')

const tile = (name: string, subtitle: string, people: readonly User[], returnTo: string): Html =>
  html`<section class="card">
    <h2>${name}</h2>
    <p>${subtitle}</p>
    <form method="post" action="/sign-in">
      <input type="hidden" name="returnTo" value="${returnTo}" />
      ${people.map(
        (user) =>
          html`<button class="person" name="user" value="${user.id}">
            <span class="face" aria-hidden="true">${initials(user.name)}</span
            ><span><b>${user.name}</b><small>${user.role}</small></span>
          </button>`,
      )}
    </form>
  </section>`
