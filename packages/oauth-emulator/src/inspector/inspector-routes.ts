import type { Hono } from 'hono'
import { createControls } from '../control/controls.ts'
import { json, page } from '../http/responses.ts'
import { BadRequest } from '../http/body.ts'
import { problemPage } from '../pages/problem-page.ts'
import { randomNonce } from '../random.ts'
import type { ServerContext } from '../state.ts'
import { inspectorPage, inspectorView } from './page.ts'
import { runAction } from './run-action.ts'
import { takeSnapshot } from './snapshot.ts'

/**
 * Adds the inspector, which is the same on every accounts server: the page, the data for its
 * script, and the actions of its buttons.
 */
export function addInspector(server: Hono, context: ServerContext): void {
  const controls = createControls(context.state)
  server.get('/_emulator', () => seeOther('/_emulator/'))
  server.get('/_emulator/', () => showInspector(context))
  server.get('/_emulator/view', () => json(inspectorView(context)))
  server.get('/_emulator/snapshot', () => json(takeSnapshot(context.state)))
  server.post('/_emulator/', async (c) => {
    try {
      await runAction(controls, c.req.raw)
      return seeOther('/_emulator/')
    } catch (error) {
      if (!(error instanceof BadRequest)) throw error
      return page(
        problemPage({
          title: 'Not done',
          explanation: error.message,
          hint: 'Go back to the inspector at /_emulator/.',
        }),
        error.status,
      )
    }
  })
}

/** The page may use only its own script and style, and may send requests only to its own server. */
function showInspector(context: ServerContext): Response {
  const nonce = randomNonce()
  const response = page(inspectorPage(inspectorView(context), nonce))
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    'img-src data:',
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ]
  response.headers.set('content-security-policy', policy.join('; '))
  return response
}

function seeOther(location: string): Response {
  return new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store' } })
}
