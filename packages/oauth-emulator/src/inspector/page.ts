import { type Html, html } from '../pages/html.ts'
import type { ServerContext } from '../state.ts'
import { element, type InspectorElement, toHtml } from './element.ts'
import { script } from './script.ts'
import { takeSnapshot } from './snapshot.ts'
import { inspectorStyle } from './style.ts'
import { clientCard, dataCentersCard } from './view/client.ts'
import { connections } from './view/connections.ts'
import { faults } from './view/faults.ts'
import { titleBar } from './view/title-bar.ts'
import { history } from './view/history.ts'
import { welcome } from './view/welcome.ts'

/** The current content of the inspector. */
export function inspectorView({ state }: Pick<ServerContext, 'state'>): InspectorElement {
  const snapshot = takeSnapshot(state)
  const historyPanel = history(snapshot)
  const leftColumn =
    snapshot.users.length === 0
      ? [welcome(snapshot), historyPanel]
      : [historyPanel, connections(snapshot)]
  return element(
    'main',
    { id: 'inspector' },
    titleBar(snapshot),
    element(
      'div',
      { class: 'columns' },
      element('div', { class: 'column' }, leftColumn),
      element(
        'div',
        { class: 'column' },
        faults(snapshot),
        clientCard(snapshot, state.client),
        dataCentersCard(snapshot),
      ),
    ),
  )
}

/** The inspector as a page. Its script updates it. Without scripts, the user reloads it. */
export function inspectorPage(view: InspectorElement, nonce: string): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>Inspector · Zoho emulator</title>
        <link rel="icon" href="data:," />
        <style nonce="${nonce}">
          ${inspectorStyle}
        </style>
      </head>
      <body>
        <header class="notice">
          <strong>Zoho emulator</strong> <span aria-hidden="true">·</span> not Zoho
        </header>
        <p class="lost" role="status" hidden>
          The emulator does not respond. This is its last known state. The page updates when the
          emulator answers again.
        </p>
        <noscript
          ><p class="lost">
            Without scripts this page does not update: <a href="/_emulator/">reload it</a>.
          </p></noscript
        >
        ${toHtml(view)}
        <footer class="foot">
          Runs on this machine for development and tests. No real account is involved.
        </footer>
        <script nonce="${nonce}">
          ${script}
        </script>
      </body>
    </html> `
}
