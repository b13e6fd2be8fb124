import type { ConnectionStore } from '../../src/index.ts'
import { grant, house, type House } from './house.ts'

export const otherKey = Buffer.alloc(32, 8).toString('base64')

/** Two connections of `ann` and one of `bob`. */
export const startWithConnections = async (
  store?: (inner: ConnectionStore) => ConnectionStore,
): Promise<House> => {
  const home = await house(store && { store })
  home.script.token = grant()
  for (const [id, principal] of [
    ['a1', 'ann'],
    ['a2', 'ann'],
    ['b1', 'bob'],
  ] as const)
    await home.client().connection(id).exchangeSelfClientCode(`code.of.${id}`, { principal })
  home.server.received.length = 0
  return home
}
