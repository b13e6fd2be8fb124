import { type Html, html } from './html.ts'
import { style } from './style/card.ts'

/** The layout of every page: the notice that this is not Zoho, and one card. */
export function layout(title: string, card: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} · Zoho emulator</title>
        <link rel="icon" href="data:," />
        <style>
          ${style}
        </style>
      </head>
      <body>
        <header class="notice">
          <strong>Zoho emulator</strong> <span aria-hidden="true">·</span> not Zoho
        </header>
        <main class="card">${card}</main>
        <footer class="foot">
          Runs on this machine for development and tests. No real account is involved.
        </footer>
      </body>
    </html> `
}
