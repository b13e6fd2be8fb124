import type { Hono } from 'hono'
import { createControls } from '../control/controls.ts'
import { json, page } from '../http/answers.ts'
import { BadRequest } from '../http/body.ts'
import { problemPage } from '../pages/problem-page.ts'
import { randomNonce } from '../random.ts'
import type { ServerContext } from '../state.ts'
import { inspectorPage, inspectorView } from './page.ts'
import { runAction } from './run-action.ts'
import { takeSnapshot } from './snapshot.ts'

/**
 * Adds the inspector, the same on every accounts server: the page, what its script asks for, and
 * the forms of its buttons.
 */
export function addInspector(server: Hono, station: ServerContext): void {
  const controls = createControls(station.world)
  server.get('/_emulator', () => seeOther('/_emulator/'))
  server.get('/_emulator/', () => inspector(station))
  server.get('/_emulator/view', () => json(inspectorView(station)))
  server.get('/_emulator/snapshot', () => json(takeSnapshot(station.world)))
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
          cure: 'Go back to the inspector at /_emulator/.',
        }),
        error.status,
      )
    }
  })
}

/**
 * The page may run its own script, style itself, ask its own server and send forms to it; nothing
 * else.
 */
function inspector(station: ServerContext): Response {
  const nonce = randomNonce()
  const answer = page(inspectorPage(inspectorView(station), nonce))
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
  answer.headers.set('content-security-policy', policy.join('; '))
  return answer
}

function seeOther(location: string): Response {
  return new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store' } })
}
