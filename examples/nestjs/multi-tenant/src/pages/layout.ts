import { html, type Html } from '@zrecruit-examples/shared-ui/html'
import type { User } from '../accounts/tenants.ts'
import { baseStyle } from '@zrecruit-examples/shared-ui/base-style'
import { frameStyle } from './style/frame.ts'
import { partsStyle } from './style/parts.ts'
import { narrowStyle } from './style/narrow.ts'

const links = {
  member: [
    ['/', 'Overview'],
    ['/candidates', 'Candidates'],
    ['/team', 'Team'],
  ],
  staff: [['/admin', 'Connections']],
} as const

const navLink = (href: string, label: string, isCurrent: boolean): Html =>
  html`<a href="${href}" ${isCurrent ? html`aria-current="page"` : ''}>${label}</a>`

export const initials = (name: string): string =>
  name
    .split(' ')
    .map((word) => word[0])
    .join('')

export interface LayoutOptions {
  readonly user?: User
  readonly path?: string
  readonly style?: Html
}

/** The frame of every page. */
export const layout = (
  title: string,
  content: Html,
  { user, path, style }: LayoutOptions = {},
): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="icon" href="data:," />
        <title>${title} · Shortlist</title>
        ${baseStyle}${frameStyle}${partsStyle}${narrowStyle}${style}
      </head>
      <body>
        <header>
          <div>
            <a class="brand" href="/">Shortlist</a>
            ${
              user === undefined
                ? ''
                : html`<nav aria-label="Pages">
                      ${links[user.office ? 'member' : 'staff'].map(([href, label]) =>
                        navLink(href, label, href === path),
                      )}
                    </nav>
                    <div class="account">
                      <span
                        >${user.name}<small>${user.office?.tenant.name ?? user.role}</small></span
                      >
                      <form method="post" action="/sign-out">
                        <button class="button plain">Sign out</button>
                      </form>
                    </div>`
            }
          </div>
        </header>
        <main>${content}</main>
      </body>
    </html>`.html
