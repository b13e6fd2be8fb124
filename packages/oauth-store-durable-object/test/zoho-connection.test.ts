import { expect, it } from 'vitest'
import { zohoConnection } from '../src/index.ts'

const namespace = { idFromName: () => ({}), get: () => ({}) }

// G7 in docs/trust.md: two clients see and change only their own rows.
it.each([undefined, {}, { clientId: '' }, { clientId: 7 }])(
  'G7: zohoConnection refuses a missing client: %j',
  (client) => {
    expect(() => zohoConnection(namespace, 'acme', client as never)).toThrow(
      expect.objectContaining({
        code: 'configuration-invalid',
        message: expect.stringContaining('{ clientId: env.ZOHO_CLIENT_ID }') as string,
      }),
    )
  },
)
