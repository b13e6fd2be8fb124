import { expect, it } from 'vitest'
import { errorCodeOf, connect, startSetup } from './setup.ts'

it('accepts a store clock with fractions, and refuses an invalid one', async () => {
  let asOf: (now: number) => number = (now) => now + 0.5
  const setup = await startSetup({
    store: (inner) => ({
      ...inner,
      read: async (id) =>
        inner.read(id).then((response) => ({ ...response, asOf: asOf(response.asOf) })),
      write: async (id, next, expected) =>
        inner
          .write(id, next, expected)
          .then((response) => ({ ...response, asOf: asOf(response.asOf) })),
    }),
  })
  await connect(setup)
  expect((await setup.client().connection('acme').status()).status).toBe('active')
  asOf = () => Number.NaN
  expect(await errorCodeOf(setup.client().connection('acme').status())).toBe('store-unavailable')
})
