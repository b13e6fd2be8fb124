import { Hono, type Env } from 'hono'
import type { Handler } from './emulated-zoho.ts'

/** The session that a recipe leaves to the app: its user is signed in. */
export const signedIn =
  <Variables extends { user?: object }>(
    app: Hono<{ Variables: Variables }>,
    user: () => Variables['user'],
  ): Handler =>
  (request) => {
    const outer = new Hono<Env & { Variables: Variables }>()
    outer.use(async (c, next) => {
      c.set('user', user())
      await next()
    })
    outer.route('/', app)
    return outer.fetch(request)
  }
