import type { ConnectionStore } from '../../src/index.ts'
import { grant, startSetup, type Setup } from './setup.ts'

export const otherKey = Buffer.alloc(32, 8).toString('base64')

/** Two connections of `ann` and one of `bob`. */
export const startWithConnections = async (
  store?: (inner: ConnectionStore) => ConnectionStore,
): Promise<Setup> => {
  const setup = await startSetup(store && { store })
  setup.script.token = grant()
  for (const [id, principal] of [
    ['a1', 'ann'],
    ['a2', 'ann'],
    ['b1', 'bob'],
  ] as const)
    await setup.client().connection(id).exchangeSelfClientCode(`code.of.${id}`, { principal })
  setup.server.received.length = 0
  return setup
}
