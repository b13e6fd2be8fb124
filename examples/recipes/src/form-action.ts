import { zohoDataCenters } from '@zrecruit/oauth-hono'
import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'

/** Zoho's pages for consent, in all data centers: US may send a user on to another one. */
const accountsServers = Object.values(zohoDataCenters).map(({ accountsServer }) => accountsServer)

export const app = new Hono()
app.use(
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      formAction: ["'self'", ...accountsServers],
      frameAncestors: ["'none'"],
    },
  }),
)

// A form that ends at Zoho, if there is no connection yet.
app.get('/import', (c) =>
  c.html('<form action="/zoho/connect"><button>Connect Zoho Recruit</button></form>'),
)
