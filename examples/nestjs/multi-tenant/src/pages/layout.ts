import type { User } from '../accounts/tenants.ts'
import { html, type Html } from './html.ts'

const common = html`
  :root { color-scheme: light; --ink: #17202e; --soft: #5b6675; --line: #e2e6ec; --paper: #fff;
  --blue: #1d5fd1; --green: #177245; --amber: #93580a; } * { box-sizing: border-box; } body {
  margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: #f4f6f9; } a {
  color: var(--blue); } header { background: var(--paper); border-bottom: 1px solid var(--line); }
  header > div { max-width: 60rem; margin: 0 auto; padding: 0.9rem 1.25rem; display: flex;
  flex-wrap: wrap; gap: 0.5rem 1.5rem; align-items: center; } .brand { font-weight: 700;
  letter-spacing: -0.01em; color: var(--ink); text-decoration: none; } .brand::before { content: '';
  display: inline-block; width: 0.7rem; height: 0.7rem; margin-right: 0.5rem; border-radius: 3px;
  background: linear-gradient(135deg, #5b8def, #1d5fd1); } nav { display: flex; gap: 1.1rem; } nav a
  { color: var(--soft); text-decoration: none; padding: 0.15rem 0; border-bottom: 2px solid
  transparent; } nav a[aria-current] { color: var(--ink); font-weight: 600; border-color:
  var(--blue); } .who { margin-left: auto; display: flex; gap: 0.9rem; align-items: center;
  font-size: 0.9rem; } .who span { text-align: right; line-height: 1.25; } .who small { color:
  var(--soft); display: block; } main { max-width: 60rem; margin: 0 auto; padding: 2.25rem 1.25rem
  4rem; } h1 { font-size: 1.65rem; margin: 0; letter-spacing: -0.015em; line-height: 1.25; } h1 + p
  { margin: 0.4rem 0 0; color: var(--soft); } h2 { font-size: 1.1rem; margin: 0; } .card {
  background: var(--paper); border: 1px solid var(--line); border-radius: 14px; padding: 1.5rem;
  margin-top: 1.5rem; } .card > :last-child { margin-bottom: 0; } .card > dl + p { margin-top:
  1.5rem; } .head { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: center;
  justify-content: space-between; } .badge { display: inline-flex; align-items: center; gap: 0.5rem;
  font-weight: 600; color: var(--soft); } .badge::before { content: ''; width: 0.6rem; height:
  0.6rem; border-radius: 50%; background: currentColor; } .badge.active { color: var(--green); }
  .badge.needs-consent { color: var(--amber); } dl { display: grid; grid-template-columns:
  repeat(auto-fit, minmax(11rem, 1fr)); gap: 1rem 1.5rem; margin: 1.25rem 0 0; padding-top: 1.25rem;
  border-top: 1px solid var(--line); } dt { color: var(--soft); font-size: 0.85rem; } dd { margin:
  0.1rem 0 0; overflow-wrap: anywhere; } form { margin: 0; } .button { font: inherit; font-weight:
  600; padding: 0.5rem 1.05rem; border-radius: 9px; border: 1px solid var(--line); background:
  var(--paper); color: var(--ink); cursor: pointer; text-decoration: none; display: inline-block; }
  .button:hover { border-color: #c3ccd8; } .button.main { background: var(--blue); border-color:
  var(--blue); color: #fff; } .button.main:hover { background: #174fb0; } .button.plain { border: 0;
  padding: 0; background: none; color: var(--blue); font-weight: 500; } :focus-visible { outline:
  3px solid #9cc0ff; outline-offset: 2px; border-radius: 4px; } .soft { color: var(--soft); }
  .problem { background: #fff7e6; border-color: #f3dca8; color: #5c3b06; } .elsewhere { margin:
  1.25rem 0 0; padding-top: 1.1rem; border-top: 1px solid var(--line); font-size: 0.92rem; }
  .elsewhere summary { cursor: pointer; color: var(--soft); } .elsewhere ul { list-style: none;
  display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 0.9rem 0 0; padding: 0; } .elsewhere a {
  display: block; padding: 0.3rem 0.8rem; border: 1px solid var(--line); border-radius: 99px;
  text-decoration: none; color: var(--ink); } .tiles { display: grid; grid-template-columns:
  repeat(auto-fit, minmax(13rem, 1fr)); gap: 1.25rem; margin-top: 1.75rem; } .tiles .card { margin:
  0; } .tiles .card p { margin: 0.15rem 0 1rem; color: var(--soft); font-size: 0.92rem; } .person {
  width: 100%; text-align: left; display: flex; gap: 0.75rem; align-items: center; font: inherit;
  background: none; border: 1px solid var(--line); border-radius: 10px; padding: 0.6rem 0.75rem;
  margin-top: 0.6rem; cursor: pointer; color: inherit; } .person:hover { border-color: var(--blue);
  background: #f6f9ff; } .person small { display: block; color: var(--soft); line-height: 1.3; }
  .person b { font-weight: 600; line-height: 1.3; display: block; } .face { flex: none; width:
  2.2rem; height: 2.2rem; border-radius: 50%; display: grid; place-items: center; background:
  #e6eefc; color: #1d4fa8; font-size: 0.8rem; font-weight: 700; } .wide { overflow-x: auto; } table
  { width: 100%; border-collapse: collapse; } th { text-align: left; font-size: 0.85rem;
  font-weight: 600; color: var(--soft); } th, td { padding: 0.6rem 0.9rem 0.6rem 0; border-bottom:
  1px solid var(--line); } tr:last-child td { border-bottom: 0; } .count { color: var(--soft);
  font-weight: 400; } @media (max-width: 38rem) { .less { display: none; } th, td { padding-right:
  0.5rem; font-size: 0.9rem; overflow-wrap: anywhere; } .who { margin-left: 0; width: 100%;
  justify-content: space-between; } .who span { text-align: left; } }
`

const links = {
  member: [
    ['/', 'Overview'],
    ['/candidates', 'Candidates'],
    ['/team', 'Team'],
  ],
  staff: [['/admin', 'Connections']],
} as const

export const initials = (name: string): string =>
  name
    .split(' ')
    .map((word) => word[0])
    .join('')

export interface Around {
  readonly user?: User
  readonly path?: string
  readonly style?: Html
}

/** Every page. */
export const layout = (title: string, content: Html, { user, path, style }: Around = {}): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <link rel="icon" href="data:," />
        <title>${title} · Shortlist</title>
        <style>
          ${common}${style}
        </style>
      </head>
      <body>
        <header>
          <div>
            <a class="brand" href="/">Shortlist</a>
            ${
              user === undefined
                ? ''
                : html`<nav aria-label="Pages">
                      ${links[user.office ? 'member' : 'staff'].map(([href, label]) => html`<a href="${href}" ${href === path ? html`aria-current="page"` : ''}>${label}</a>`)}
                    </nav>
                    <div class="who">
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
